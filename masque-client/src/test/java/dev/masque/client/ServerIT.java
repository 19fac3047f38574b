package dev.masque.client;

import static dev.masque.client.Waiting.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import dev.masque.core.contract.TestPki;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.MasqueServer;
import dev.masque.server.ResponseProfile;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Through a whole proxy on loopback, over real transports. */
@Timeout(120)
class ServerIT {
    private static final String KEY = "a-key-for-tests";
    private static final String SHARED_BY_ALL_CONNECTIONS = "masque-kwik-stall-guard";
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final TestPki PKI = new TestPki();

    private final List<AutoCloseable> resources = new ArrayList<>();

    @AutoClose
    private final EchoOrigin origin = EchoOrigin.plain();

    @TempDir
    private Path directory;

    private MasqueServer server = start(0, ResponseProfile.PRIVACY_PROXY);

    private static MasqueServer start(int port, ResponseProfile profile) {
        try {
            return MasqueServer.builder()
                    .listen(new InetSocketAddress(LOOPBACK, port))
                    .identity(PKI.identity())
                    .authenticate(Authenticators.preshared(Map.of("test", KEY)))
                    .accessPolicy(AccessPolicy.builder()
                            .allow("127.0.0.0/8")
                            .deny("forbidden.example")
                            .build())
                    .responseProfile(profile)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<HttpVersion> versions() {
        return Clients.transported();
    }

    private MasqueClientBuilder builder(HttpVersion version) throws IOException {
        return MasqueClient.builder()
                .proxy("https://localhost:" + server.port())
                .trust(PeerTrust.pem(TestPki.pem(PKI.authority(), directory)))
                .credentials(Credentials.preshared(KEY))
                .connectTimeout(Duration.ofSeconds(20))
                .versions(version);
    }

    private MasqueClient client(HttpVersion version) throws IOException {
        return keep(builder(version).build());
    }

    private <C extends AutoCloseable> C keep(C resource) {
        resources.add(0, resource);
        return resource;
    }

    @BeforeEach
    void ready() {
        assertThat(server.port()).isPositive();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : resources) {
            resource.close();
        }
        server.close();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void carriesBytesBothWaysAndTheirEnds(HttpVersion version) throws Exception {
        byte[] sent = new byte[32 << 20];
        new Random(3).nextBytes(sent);
        try (TcpTunnel tunnel = client(version).openTcp("127.0.0.1", origin.port())) {
            assertThat(tunnel.version()).isEqualTo(version);
            CompletableFuture<Void> writer = Waiting.inBackground(() -> {
                tunnel.outputStream().write(sent);
                tunnel.shutdownOutput();
            });
            byte[] received = tunnel.inputStream().readAllBytes();
            writer.get();

            assertThat(Arrays.equals(received, sent)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void manyTunnelsAtOnce(HttpVersion version) throws Exception {
        MasqueClient client = client(version);
        Target target = Target.of("127.0.0.1", origin.port());
        List<CompletableFuture<TcpTunnel>> opening = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            opening.add(client.openTcpAsync(target).toCompletableFuture());
        }
        for (CompletableFuture<TcpTunnel> one : opening) {
            TcpTunnel tunnel = one.get();
            tunnel.outputStream().write("hello".getBytes(UTF_8));
            tunnel.shutdownOutput();
        }
        for (CompletableFuture<TcpTunnel> one : opening) {
            try (TcpTunnel tunnel = one.get()) {
                assertThat(tunnel.inputStream().readAllBytes()).hasSize(5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void tlsRunsOverTheSocket(HttpVersion version) throws Exception {
        EchoOrigin secure = keep(EchoOrigin.tls(PKI.context()));
        SSLSocketFactory factory = PKI.context().getSocketFactory();
        byte[] sent = new byte[2_000_000];
        new Random(5).nextBytes(sent);
        Socket plain = client(version).openTcp("127.0.0.1", secure.port()).asSocket();
        try (SSLSocket socket = (SSLSocket) factory.createSocket(plain, "localhost", secure.port(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            CompletableFuture<Void> writer =
                    Waiting.inBackground(() -> socket.getOutputStream().write(sent));
            byte[] received = socket.getInputStream().readNBytes(sent.length);
            writer.get();

            assertThat(Arrays.equals(received, sent)).isTrue();
            assertThat(socket.getSession().getPeerHost()).isEqualTo("localhost");
        }
        assertThat(plain.isClosed()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void carriesDatagrams(HttpVersion version) throws Exception {
        EchoOrigin.Udp echo = keep(new EchoOrigin.Udp());
        try (UdpTunnel tunnel = client(version).openUdp("127.0.0.1", echo.port())) {
            for (int size : new int[] {1, 100, 1200}) {
                assertThat(tunnel.send(new byte[size])).isTrue();
                ByteBuffer answer = tunnel.receive(Duration.ofSeconds(20)).orElseThrow(() -> new AssertionError(size));
                assertThat(answer.remaining()).isEqualTo(size);
            }
            assertThat(tunnel.maxPayload()).isGreaterThanOrEqualTo(1200);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void wrongCredentialsAreToldApart(HttpVersion version) throws Exception {
        MasqueClient wrong = keep(
                builder(version).credentials(Credentials.preshared("wrong")).build());

        AuthenticationException refusal =
                catchThrowableOfType(AuthenticationException.class, () -> wrong.openTcp("127.0.0.1", origin.port()));
        assertThat(refusal.status()).hasValue(403);
        assertThat(refusal.proxyError()).contains(ProxyErrorType.HTTP_REQUEST_DENIED);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void wrongCredentialsAreToldApartInTheOtherProfile(HttpVersion version) throws Exception {
        server.close();
        server = start(0, ResponseProfile.RFC);
        MasqueClient wrong = keep(
                builder(version).credentials(Credentials.preshared("wrong")).build());

        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> wrong.openTcp("127.0.0.1", origin.port()))
                .satisfies(e -> assertThat(e.status()).hasValue(407));
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> wrong.openUdp("127.0.0.1", origin.port()))
                .satisfies(e -> assertThat(e.status()).hasValue(401));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void refusalsSayWhy(HttpVersion version) throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            nobody = free.getLocalPort();
        }
        MasqueClient client = client(version);

        TunnelException unreachable =
                catchThrowableOfType(TunnelException.class, () -> client.openTcp("127.0.0.1", nobody));
        assertThat(unreachable.step()).isEqualTo(TunnelStep.TARGET);
        assertThat(unreachable.status()).hasValue(502);
        assertThat(unreachable.proxyError()).contains(ProxyErrorType.CONNECTION_REFUSED);
        TunnelException prohibited = catchThrowableOfType(TunnelException.class, () -> client.openTcp("10.0.0.1", 80));
        assertThat(prohibited).isInstanceOf(TunnelRefusedException.class);
        assertThat(prohibited.proxyError()).contains(ProxyErrorType.DESTINATION_IP_PROHIBITED);
        TunnelException denied =
                catchThrowableOfType(TunnelException.class, () -> client.openTcp("forbidden.example", 80));
        assertThat(denied).isInstanceOf(TunnelRefusedException.class);
        assertThat(denied.proxyError()).contains(ProxyErrorType.HTTP_REQUEST_DENIED);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aProxyThatIsNotTrustedIsNotAsked(HttpVersion version) throws Exception {
        MasqueClient client = keep(builder(version)
                .trust(PeerTrust.pinned(TestPki.pin(TestPki.selfSigned())))
                .build());

        assertThatExceptionOfType(TunnelException.class)
                .isThrownBy(() -> client.openTcp("127.0.0.1", origin.port()))
                .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.TLS));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aPinnedProxyIsEnough(HttpVersion version) throws Exception {
        MasqueClient client = keep(builder(version)
                .trust(PeerTrust.pinned(TestPki.pin(PKI.identity())))
                .build());

        client.openTcp("127.0.0.1", origin.port()).close();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void survivesARestartOfTheProxy(HttpVersion version) throws Exception {
        MasqueClient client = client(version);
        TcpTunnel before = client.openTcp("127.0.0.1", origin.port());
        int port = server.port();
        server.close();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> before.inputStream().read());
        assertThatExceptionOfType(TunnelException.class)
                .isThrownBy(() -> client.openTcp("127.0.0.1", origin.port()))
                .satisfies(e -> assertThat(e.retryable()).isTrue());
        server = start(port, ResponseProfile.PRIVACY_PROXY);
        try (TcpTunnel after = client.openTcp("127.0.0.1", origin.port())) {
            after.outputStream().write(8);

            assertThat(after.inputStream().read()).isEqualTo(8);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void forwardsAPort(HttpVersion version) throws Exception {
        MasqueClient client = client(version);
        try (Forwarding forwarding = client.forwardTcp(0, Target.of("127.0.0.1", origin.port()));
                Socket socket = new Socket()) {
            socket.connect(forwarding.localAddress());
            socket.getOutputStream().write("through".getBytes(UTF_8));
            socket.shutdownOutput();

            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("through".getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aTargetThatResetsIsAReset(HttpVersion version) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
                TcpTunnel tunnel = client(version).openTcp("127.0.0.1", listener.getLocalPort())) {
            Socket accepted = listener.accept();
            accepted.setSoLinger(true, 0);
            accepted.close();

            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> tunnel.inputStream().read())
                    .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.TUNNEL));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aSlowReaderHoldsTheOriginBack(HttpVersion version) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
                TcpTunnel tunnel = client(version).openTcp("127.0.0.1", listener.getLocalPort());
                Socket accepted = listener.accept()) {
            byte[] chunk = new byte[64 << 10];
            AtomicLong written = new AtomicLong();
            CompletableFuture<Void> writer = Waiting.inBackground(() -> {
                for (int i = 0; i < 1024; i++) {
                    accepted.getOutputStream().write(chunk);
                    written.addAndGet(chunk.length);
                }
                accepted.shutdownOutput();
            });
            long[] last = {-1};
            until(() -> {
                long now = written.get();
                boolean still = now == last[0];
                last[0] = now;
                TimeUnit.MILLISECONDS.sleep(300);
                return still;
            });
            assertThat(written.get()).isLessThan(40L << 20);

            assertThat(tunnel.inputStream().readAllBytes()).hasSize(64 << 20);
            writer.get();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void closeLeavesNoThreadBehind(HttpVersion version) throws Exception {
        MasqueClient client = builder(version).build();
        client.openTcp("127.0.0.1", origin.port());
        client.openUdp("127.0.0.1", origin.port());
        client.forwardTcp(0, Target.of("127.0.0.1", origin.port()));
        client.close();
        server.close();

        until(() -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("masque-") && !name.equals(SHARED_BY_ALL_CONNECTIONS)));
    }
}
