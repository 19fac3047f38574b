package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Node's http2 as a client of our proxy: CONNECT and CONNECT-UDP over HTTP/2. */
class NodeClientIT extends Interop {
    private OurProxy proxy;

    @SuppressWarnings("NullAway.Init") // start()
    NodeClientIT() {}

    @BeforeAll
    void start() throws Exception {
        Peers.program("node", "nodejs");
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
        new Random(1).nextBytes(bytes);

        Peer.Result result = Peer.run(client("connect", OurProxy.KEY, origins.tcpEcho()), bytes)
                .ok();

        assertThat(result.bytes()).isEqualTo(bytes);
        assertThat(result.errors()).contains("status 200");
    }

    @Test
    void manyTunnelsShareAConnection() {
        Peer.Result result = Peer.run(client("many", OurProxy.KEY, origins.tcpEcho(), "--count", "80"))
                .ok();

        assertThat(result.output().strip()).isEqualTo("opened 80 echoed 80");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1200, 9000, 60_000})
    void datagramsOfEverySizeComeBack(int size) {
        Peer.Result result = Peer.run(client(
                        "udp", OurProxy.KEY, origins.udpEcho(), "--count", "50", "--size", Integer.toString(size)))
                .ok();

        assertThat(result.output().strip()).isEqualTo("sent 50 echoed 50 disordered 0");
        assertThat(result.errors()).contains("capsule-protocol: ?1");
    }

    @Test
    void datagramsInBurstsKeepTheirOrder() {
        Peer.Result result = Peer.run(client(
                        "udp", OurProxy.KEY, origins.udpEcho(), "--count", "2000", "--size", "1200", "--burst", "20"))
                .ok();

        assertThat(result.output()).contains("disordered 0").startsWith("sent 2000 echoed 2000");
    }

    @Test
    void unknownCapsulesAndCapsulesInPiecesDoNotDisturb() {
        Peer.Result result = Peer.run(
                        client("udp", OurProxy.KEY, origins.udpEcho(), "--count", "100", "--burst", "10", "--noise"))
                .ok();

        assertThat(result.output().strip()).isEqualTo("sent 100 echoed 100 disordered 0");
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

    private List<String> client(String mode, String proxyKey, String target, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of(mode, "--proxy", proxy.address(), "--ca", authority.authority()));
        arguments.addAll(List.of("--psk", proxyKey));
        arguments.addAll(List.of(options));
        arguments.add(target);
        return Peers.node("node-h2-client.mjs", arguments.toArray(String[]::new));
    }
}
