package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.client.TunnelException;
import dev.masque.client.UdpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What our client does through a proxy of others that knows credentials, half-closes and UDP. */
abstract class ThroughMasquePeer extends ThroughPeer {
    private Peer proxy;

    @SuppressWarnings("NullAway.Init") // start()
    ThroughMasquePeer() {}

    /** How the proxy is started. */
    abstract List<String> command();

    /** What it speaks. */
    abstract HttpVersion version();

    @BeforeAll
    void start() {
        proxy = Peer.start(command());
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    @Override
    OurClient client() {
        return client(KEY);
    }

    @Test
    void bothDirectionsEndAlone() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(5).nextBytes(bytes);
        try (OurClient client = client();
                Socket socket = client.tcp(origins.tcpEcho())) {
            var sending = inBackground(() -> {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            });

            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes);
            sending.join();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1200})
    void datagramsComeBack(int size) throws Exception {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        try (OurClient client = client();
                UdpTunnel tunnel = client.udp(origins.udpEcho())) {
            int echoed = 0;
            for (int i = 0; i < 50; i++) {
                tunnel.send(ByteBuffer.wrap(payload));
                Optional<ByteBuffer> answer = tunnel.receive(Duration.ofSeconds(2));
                if (answer.isPresent()) {
                    assertThat(answer.get()).isEqualTo(ByteBuffer.wrap(payload));
                    echoed++;
                }
            }
            assertThat(echoed).isGreaterThanOrEqualTo(48);
        }
    }

    @Test
    void aWrongKeyIsToldAsRefusal() {
        try (OurClient client = client("wrong")) {
            assertThatThrownBy(() -> client.tcp(origins.tcpEcho()))
                    .isInstanceOfSatisfying(
                            TunnelException.class,
                            refusal -> assertThat(refusal.status()).hasValue(403));
        }
    }

    @Test
    void aTargetWithoutListenerIsToldAsRefusal() {
        try (OurClient client = client()) {
            assertThatThrownBy(() -> client.tcp("127.0.0.1:1"))
                    .isInstanceOfSatisfying(TunnelException.class, refusal -> {
                        assertThat(refusal.status()).hasValue(502);
                        assertThat(refusal.proxyError()).hasValue(ProxyErrorType.CONNECTION_REFUSED);
                    });
        }
    }

    private OurClient client(String key) {
        return OurClient.of("localhost:" + proxy.port(), authority, version(), key);
    }
}
