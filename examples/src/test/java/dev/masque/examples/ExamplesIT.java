package dev.masque.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.client.MasqueClient;
import dev.masque.client.TunnelException;
import dev.masque.core.HttpVersion;
import dev.masque.core.RawKeysException;
import dev.masque.core.Target;
import dev.masque.core.contract.TestPki;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.examples.interop.Background;
import dev.masque.examples.interop.RawKeyFiles;
import dev.masque.examples.interop.TestAuthority;
import dev.masque.geohash.GeoHint;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows works as it is shown. */
@Timeout(60)
class ExamplesIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String KEY = "a-key-for-tests";

    private TestAuthority authority;
    private MasqueServer server;

    @SuppressWarnings("NullAway.Init") // start()
    ExamplesIT() {}

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        authority = TestAuthority.create(folder);
        server = EmbeddedProxy.start(
                new InetSocketAddress(LOOPBACK, 0),
                Path.of(authority.certificate()),
                Path.of(authority.key()),
                KEY,
                AccessPolicy.builder().allow("127.0.0.1/32").build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aPageComesThroughATcpTunnel() throws Exception {
        try (ServerSocket site = new ServerSocket(0, 1, LOOPBACK)) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serveOnce(site), Background.THREADS);

            String page = ThroughAProxy.page(
                    "https://localhost:" + server.port(),
                    Path.of(authority.authority()),
                    KEY,
                    "127.0.0.1",
                    site.getLocalPort());

            assertThat(page).isEqualTo("HTTP/1.0 200 OK\r\n\r\nhello");
            served.join();
        }
    }

    @Test
    void aPageComesThroughTwoProxies() throws Exception {
        try (ServerSocket site = new ServerSocket(0, 1, LOOPBACK);
                MasqueServer first = TwoProxies.first(
                        new InetSocketAddress(LOOPBACK, 0),
                        Path.of(authority.certificate()),
                        Path.of(authority.key()),
                        "a-key-for-the-first",
                        Target.of("127.0.0.1", server.port()))) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serveOnce(site), Background.THREADS);

            String page = TwoProxies.page(
                    "https://localhost:" + first.port(),
                    "a-key-for-the-first",
                    "https://127.0.0.1:" + server.port(),
                    KEY,
                    Path.of(authority.authority()),
                    Target.of("127.0.0.1", site.getLocalPort()));

            assertThat(page).isEqualTo("HTTP/1.0 200 OK\r\n\r\nhello");
            served.join();
        }
    }

    @Test
    void aPageComesThroughAProxyThatSpeaksToAnother() throws Exception {
        Target other = Target.of("localhost", server.port());
        Path certificate = Path.of(authority.certificate());
        Path certificateKey = Path.of(authority.key());
        server.close();
        try (ServerSocket site = new ServerSocket(0, 1, LOOPBACK);
                MasqueServer second = MasqueServer.builder()
                        .listen(new InetSocketAddress(LOOPBACK, other.port()))
                        .identity(authority.identity())
                        .requireClientCertificates(PeerTrust.pem(Path.of(authority.authority())))
                        .authenticate(Authenticators.clientCertificate(shown -> Optional.of("the first")))
                        .accessPolicy(
                                AccessPolicy.builder().allow("127.0.0.1/32").build())
                        .versions(HttpVersion.HTTP_2)
                        .start();
                MasqueClient client =
                        ServerToServer.toOther(other, Path.of(authority.authority()), certificate, certificateKey);
                MasqueServer first = ServerToServer.start(
                        new InetSocketAddress(LOOPBACK, 0), certificate, certificateKey, KEY, other, client)) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serveOnce(site), Background.THREADS);

            String page = ThroughAProxy.page(
                    "https://localhost:" + first.port(),
                    Path.of(authority.authority()),
                    KEY,
                    "127.0.0.1",
                    site.getLocalPort());

            assertThat(second.port()).isEqualTo(other.port());
            assertThat(page).isEqualTo("HTTP/1.0 200 OK\r\n\r\nhello");
            served.join();
        }
    }

    @Test
    void aPageComesThroughAProxyThatIsKnownByItsKey(@TempDir Path folder) throws Exception {
        Path keyOfProxy = RawKeyFiles.ed25519(folder.resolve("b.key"));
        Path keyOfClient = RawKeyFiles.p256(folder.resolve("a.key"));
        Path known = Files.writeString(
                folder.resolve("clients"), RawKey.fromPem(keyOfClient).pin() + " a.example # the first\n");
        try (ServerSocket site = new ServerSocket(0, 1, LOOPBACK);
                MasqueServer proxy = ProxiesKnownByKey.server(
                        new InetSocketAddress(LOOPBACK, 0),
                        keyOfProxy,
                        known,
                        AccessPolicy.builder().allow("127.0.0.0/8").build())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serveOnce(site), Background.THREADS);

            String page = ProxiesKnownByKey.page(
                    "https://localhost:" + proxy.port(),
                    RawKeyPins.of(RawKey.fromPem(keyOfProxy).pin().toString()),
                    RawKey.fromPem(keyOfClient),
                    Target.of("127.0.0.1", site.getLocalPort()));

            assertThat(page).isEqualTo("HTTP/1.0 200 OK\r\n\r\nhello");
            served.join();
        }
    }

    @Test
    void aCertificateLetsItsHolderInUntilItIsRevoked(@TempDir Path folder) throws Exception {
        TestPki pki = new TestPki();
        TlsIdentity own = pki.issue("a.proxies.example");
        Path authorities = TestPki.pem(pki.authority(), folder);
        Instant tomorrow = Instant.now().plusSeconds(86_400);
        try (ServerSocket site = new ServerSocket(0, 1, LOOPBACK);
                MasqueServer proxy = ClientCertificates.start(
                        new InetSocketAddress(LOOPBACK, 0),
                        Path.of(authority.certificate()),
                        Path.of(authority.key()),
                        authorities,
                        pki.crl(folder, tomorrow),
                        "dns:*.proxies.example",
                        AccessPolicy.builder().allow("127.0.0.1/32").build());
                MasqueClient client = MasqueClient.builder()
                        .proxy("https://localhost:" + proxy.port())
                        .trust(PeerTrust.pem(Path.of(authority.authority())))
                        .identity(own)
                        .versions(HttpVersion.HTTP_2)
                        .build()) {
            client.openTcp("127.0.0.1", site.getLocalPort()).close();

            pki.crl(folder, tomorrow, own);

            long deadline = System.nanoTime() + 30_000_000_000L;
            while (isLetIn(client, site.getLocalPort())) { // the server looks every few seconds
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(100);
            }
        }
    }

    private static boolean isLetIn(MasqueClient client, int port) throws java.io.IOException {
        try {
            client.openTcp("127.0.0.1", port).close();
            return true;
        } catch (TunnelException refused) {
            return refused.status().orElse(0) != 403;
        }
    }

    @Test
    void withHttp3AProxyWithARawKeyDoesNotStart(@TempDir Path folder) throws Exception {
        RawKey key = RawKey.fromPem(RawKeyFiles.ed25519(folder.resolve("b.key")));
        MasqueServerBuilder builder = MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .rawKey(key)
                .openToEveryone();
        assertThatThrownBy(builder::start)
                .isInstanceOf(RawKeysException.class)
                .hasMessage("no raw public keys over QUIC; leave out HTTP/3");
        assertThatThrownBy(() -> MasqueClient.builder()
                        .proxy("https://localhost")
                        .versions(HttpVersion.HTTP_3)
                        .trustRawKeys(RawKeyPins.of(key.pin().toString()))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no raw public keys over QUIC");
    }

    private static void serveOnce(ServerSocket site) {
        try (Socket connection = site.accept()) {
            byte[] request = new byte[4];
            assertThat(connection.getInputStream().readNBytes(request, 0, 4)).isEqualTo(4);
            connection.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII));
            connection.shutdownOutput();
            connection.getInputStream().readAllBytes();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void anAnswerComesThroughAUdpTunnel() throws Exception {
        try (DatagramSocket echo = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> echoOnce(echo), Background.THREADS);

            var answer = UdpThroughAProxy.ask(
                    "https://localhost:" + server.port(),
                    Path.of(authority.authority()),
                    KEY,
                    "127.0.0.1",
                    echo.getLocalPort(),
                    ByteBuffer.wrap(new byte[] {1, 2, 3}));

            assertThat(answer).contains(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            served.join();
        }
    }

    private static void echoOnce(DatagramSocket echo) {
        try {
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            echo.receive(packet);
            echo.send(packet);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void tunnelsLeaveNearToWhereTheClientWantsToBe(@TempDir Path folder) throws Exception {
        Path feed = Files.writeString(folder.resolve("egress.csv"), """
                127.16.1.0/24,JP,JP-13,Tokyo,,xn76c
                127.16.2.0/24,JP,JP-27,Osaka,,xn0m7
                127.16.9.9/32
                """);
        TlsIdentity identity = identity();
        try (MasqueServer proxy = EgressNearTheClient.proxy(new InetSocketAddress(LOOPBACK, 0), identity, feed);
                ServerSocket site = new ServerSocket(0, 2, LOOPBACK)) {
            String url = "https://localhost:" + proxy.port();
            for (String[] expected : new String[][] {{"xn77h", "127.16.1."}, {"xn0ks", "127.16.2."}}) {
                CompletableFuture<Void> served =
                        CompletableFuture.runAsync(() -> tellWhoAsks(site), Background.THREADS);
                assertThat(EgressNearTheClient.ask(
                                url,
                                Path.of(authority.authority()),
                                GeoHint.of(expected[0], "JP"),
                                "127.0.0.1",
                                site.getLocalPort()))
                        .startsWith(expected[1]);
                served.join();
            }
        }
    }

    private TlsIdentity identity() throws Exception {
        return Identities.fromPem(Path.of(authority.certificate()), Path.of(authority.key()))
                .get();
    }

    private static void tellWhoAsks(ServerSocket site) {
        try (Socket connection = site.accept()) {
            String who = connection.getInetAddress().getHostAddress();
            connection.getOutputStream().write(who.getBytes(StandardCharsets.US_ASCII));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
