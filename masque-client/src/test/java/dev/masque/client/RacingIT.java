package dev.masque.client;

import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TestPki;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which version of HTTP a client takes, with real transports and with a network that swallows UDP. */
@Timeout(60)
class RacingIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final TlsIdentity IDENTITY = TestPki.selfSigned();

    @AutoClose
    private final EchoOrigin origin = EchoOrigin.plain();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    @TempDir
    private Path directory;

    private static MasqueServer server(int port, HttpVersion... versions) throws IOException {
        return MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, port))
                .identity(IDENTITY)
                .openToEveryone()
                .versions(versions)
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .start();
    }

    private MasqueClient client(int port) throws IOException {
        return MasqueClient.builder()
                .proxy("https://localhost:" + port)
                .trust(PeerTrust.pem(TestPki.pem(IDENTITY.chain().get(0), directory)))
                .clock(now::get)
                .headStart(Duration.ofMillis(100))
                .build();
    }

    private HttpVersion version(MasqueClient client) throws IOException {
        try (TcpTunnel tunnel = client.openTcp("127.0.0.1", origin.port())) {
            return tunnel.version();
        }
    }

    /** A port of UDP on which packets vanish, free on TCP also. */
    private static DatagramSocket swallowing() throws IOException {
        return new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
    }

    @Test
    void aNetworkThatSwallowsUdpIsLeftForTcpAndTriedAgainLater() throws Exception {
        try (DatagramSocket swallowing = swallowing();
                MasqueServer tcp = server(swallowing.getLocalPort(), HttpVersion.HTTP_2);
                MasqueClient client = client(tcp.port())) {
            assertThat(version(client)).isEqualTo(HttpVersion.HTTP_2);
            swallowing.close();
            try (MasqueServer quic = server(tcp.port(), HttpVersion.HTTP_3)) {
                assertThat(quic.versions()).containsExactly(HttpVersion.HTTP_3);
                until(() -> {
                    now.updateAndGet(time -> time.plus(Duration.ofMinutes(2)));
                    return version(client) == HttpVersion.HTTP_3;
                });
            }
        }
    }

    @Test
    void aClosedUdpPortIsNoReasonToWait() throws Exception {
        try (MasqueServer tcp = server(0, HttpVersion.HTTP_1_1);
                MasqueClient client = client(tcp.port())) {
            assertThat(version(client)).isEqualTo(HttpVersion.HTTP_1_1);
        }
    }
}
