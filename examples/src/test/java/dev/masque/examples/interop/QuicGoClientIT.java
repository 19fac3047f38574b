package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** quic-go as a client of our proxy: CONNECT and CONNECT-UDP with QUIC DATAGRAM frames over HTTP/3. */
class QuicGoClientIT extends Interop {
    private static final Pattern COUNTS = Pattern.compile("sent (\\d+) echoed (\\d+) disordered (\\d+)");

    private OurProxy proxy;

    @SuppressWarnings("NullAway.Init") // start()
    QuicGoClientIT() {}

    @BeforeAll
    void start() throws Exception {
        Peers.quicGo();
        proxy = OurProxy.start(authority);
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    @Test
    void bytesGoBothWaysAndBothWaysEnd() {
        byte[] bytes = new byte[20_000_000];
        new Random(2).nextBytes(bytes);

        Peer.Result result = Peer.run(client("connect", OurProxy.KEY, origins.tcpEcho()), bytes)
                .ok();

        assertThat(result.bytes()).isEqualTo(bytes);
        assertThat(result.errors()).contains("status 200");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1200})
    void datagramsComeBack(int size) {
        assertEchoed(200, 196, client("udp", OurProxy.KEY, origins.udpEcho(), "-count", "200", "-size", "" + size));
    }

    @Test
    void datagramsInBurstsKeepTheirOrder() {
        assertEchoed(
                2000,
                1980,
                client("udp", OurProxy.KEY, origins.udpEcho(), "-count", "2000", "-size", "1200", "-burst", "20"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "udp"})
    void aWrongKeyIsRefused(String mode) {
        Peer.Result result = Peer.run(client(mode, "wrong", origins.tcpEcho()));

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.errors()).contains("status 403").contains("error=http_request_denied");
    }

    @Test
    void aTargetWithoutListenerIsABadGateway() {
        Peer.Result result = Peer.run(client("connect", OurProxy.KEY, "127.0.0.1:1"));

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.errors()).contains("status 502").contains("error=connection_refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "udp"})
    void aPrivateTargetIsForbidden(String mode) {
        Peer.Result result = Peer.run(client(mode, OurProxy.KEY, "10.0.0.1:53"));

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.errors()).contains("status 403").contains("error=destination_ip_prohibited");
    }

    /** Datagrams may be lost, but on loopback hardly any, and none may overtake another. */
    private static void assertEchoed(int sent, int atLeast, List<String> command) {
        Peer.Result result = Peer.run(command).ok();

        Matcher counts = COUNTS.matcher(result.output());
        assertThat(counts.find()).as(result.output()).isTrue();
        assertThat(Integer.parseInt(counts.group(1))).isEqualTo(sent);
        assertThat(Integer.parseInt(counts.group(2))).isBetween(atLeast, sent);
        assertThat(Integer.parseInt(counts.group(3))).isZero();
    }

    private List<String> client(String mode, String proxyKey, String target, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of(mode, "-proxy", proxy.address(), "-ca", authority.authority()));
        arguments.addAll(List.of("-psk", proxyKey));
        arguments.addAll(List.of(options));
        arguments.add(target);
        return Peers.quicGo(arguments.toArray(String[]::new));
    }
}
