package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** quiche as client of our proxy: CONNECT and CONNECT-UDP with QUIC DATAGRAM frames over HTTP/3. */
class QuicheClientIT extends Interop {
    private static final String KEY = "Preshared " + OurProxy.KEY;

    private OurProxy proxy;

    @SuppressWarnings("NullAway.Init") // start()
    QuicheClientIT() {}

    @BeforeAll
    void start() throws Exception {
        proxy = OurProxy.start(authority);
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    private QuicheConnection connect() throws Exception {
        return new QuicheConnection(proxy.server().port(), authority.authority());
    }

    private static Map<String, String> head(String... namesAndValues) {
        Map<String, String> head = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            head.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return head;
    }

    private static Map<String, String> connect(String target, String credentials) {
        return head(":method", "CONNECT", ":authority", target, "proxy-authorization", credentials);
    }

    private Map<String, String> connectUdp(String target, String credentials) {
        int colon = target.lastIndexOf(':');
        String path = "/.well-known/masque/udp/" + target.substring(0, colon) + "/" + target.substring(colon + 1) + "/";
        return head(
                ":method",
                "CONNECT",
                ":protocol",
                "connect-udp",
                ":scheme",
                "https",
                ":authority",
                proxy.address(),
                ":path",
                path,
                "capsule-protocol",
                "?1",
                "proxy-authorization",
                credentials);
    }

    @Test
    void theSettingsAllowDatagramsAndExtendedConnect() throws Exception {
        try (QuicheConnection connection = connect()) {
            assertThat(connection.settings().h3DatagramEnabled()).isTrue();
            assertThat(connection.settings().connectProtocolEnabled()).isTrue();
        }
    }

    @Test
    void bytesGoBothWaysAndEachDirectionEndsAlone() throws Exception {
        byte[] bytes = new byte[20_000_000];
        new Random(6).nextBytes(bytes);
        try (QuicheConnection connection = connect()) {
            QuicheStream stream = connection.open(connect(origins.tcpEcho(), KEY));
            assertThat(stream.status()).isEqualTo(200);
            stream.send(bytes);
            stream.end();

            assertThat(stream.content()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1200})
    void datagramsComeBackInTheirOrder(int size) throws Exception {
        try (QuicheConnection connection = connect()) {
            QuicheStream stream = connection.open(connectUdp(origins.udpEcho(), KEY));
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.response().get("capsule-protocol")).hasToString("?1");
            int echoed = 0;
            for (int burst = 0; burst < 50; burst++) {
                for (int i = 0; i < 10; i++) {
                    connection.sendDatagram(stream, payload(size, burst * 10 + i));
                }
                int last = -1;
                for (int i = 0; i < 10; i++) {
                    byte[] answer = stream.datagrams.poll(2, TimeUnit.SECONDS);
                    if (answer == null) {
                        break; // lost, as datagrams may be
                    }
                    assertThat(answer).hasSize(1 + size).startsWith((byte) 0);
                    int number = size < 4 ? i : ByteBuffer.wrap(answer).getInt(1);
                    assertThat(number).isGreaterThanOrEqualTo(last);
                    last = number;
                    echoed++;
                }
            }
            assertThat(echoed).isBetween(490, 510); // kwik delivers about one in a thousand twice
        }
    }

    /** Context id 0, and a UDP payload that begins with a number. */
    private static byte[] payload(int size, int number) {
        ByteBuffer payload = ByteBuffer.allocate(1 + size);
        return size < 4 ? payload.array() : payload.putInt(1, number).array();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWrongKeyIsRefused(boolean udp) throws Exception {
        try (QuicheConnection connection = connect()) {
            QuicheStream stream = connection.open(
                    udp
                            ? connectUdp(origins.udpEcho(), "Preshared wrong")
                            : connect(origins.tcpEcho(), "Preshared wrong"));

            assertThat(stream.status()).isEqualTo(403);
            assertThat(stream.response().get("proxy-status").toString()).contains("error=http_request_denied");
        }
    }

    @Test
    void aTargetWithoutListenerIsABadGateway() throws Exception {
        try (QuicheConnection connection = connect()) {
            QuicheStream stream = connection.open(connect("127.0.0.1:1", KEY));

            assertThat(stream.status()).isEqualTo(502);
            assertThat(stream.response().get("proxy-status").toString()).contains("error=connection_refused");
        }
    }

    @Test
    void whatIsNoTunnelIsAnOrdinaryRequest() throws Exception {
        try (QuicheConnection connection = connect()) {
            QuicheStream stream = connection.open(
                    head(":method", "GET", ":scheme", "https", ":authority", proxy.address(), ":path", "/nothing"));
            stream.end();

            assertThat(stream.status()).isEqualTo(404);
        }
    }
}
