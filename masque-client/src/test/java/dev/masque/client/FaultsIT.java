package dev.masque.client;

import static dev.masque.client.Waiting.inBackground;
import static dev.masque.client.Waiting.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.contract.TestPki;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The wire to the proxy fails, at each moment. */
@Timeout(120)
class FaultsIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final TestPki PKI = new TestPki();

    @AutoClose
    private final EchoOrigin origin = EchoOrigin.plain();

    @AutoClose
    private final MasqueServer server = server();

    @AutoClose
    private final Cable cable = cable();

    @AutoClose
    private MasqueClient client = builder(HttpVersion.HTTP_2).build();

    private static MasqueServer server() {
        try {
            return MasqueServer.builder()
                    .listen(new InetSocketAddress(LOOPBACK, 0))
                    .identity(PKI.identity())
                    .openToEveryone()
                    .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Cable cable() {
        try {
            return new Cable(server.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MasqueClientBuilder builder(HttpVersion version) {
        return MasqueClient.builder()
                .proxy("https://localhost:" + cable.port())
                .trust(PeerTrust.pinned(TestPki.pin(PKI.identity())))
                .connectTimeout(Duration.ofSeconds(20))
                .versions(version);
    }

    private void connect(HttpVersion version) {
        client = builder(version).build();
    }

    private TcpTunnel open() throws IOException {
        return client.openTcp("127.0.0.1", origin.port());
    }

    private void works() throws IOException {
        try (TcpTunnel tunnel = open()) {
            tunnel.outputStream().write(77);
            assertThat(tunnel.inputStream().read()).isEqualTo(77);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aCutWireEndsReadersAndWritersAndTheNextTunnelWorks(HttpVersion version) throws Exception {
        connect(version);
        for (int i = 0; i < 5; i++) {
            TcpTunnel tunnel = open();
            CompletableFuture<Void> reader =
                    inBackground(() -> tunnel.inputStream().read());
            CompletableFuture<Void> writer = inBackground(() -> {
                while (true) {
                    tunnel.outputStream().write(new byte[100_000]);
                }
            });
            until(() -> tunnel.inputStream().available() > 0 || reader.isDone());
            cable.cut();
            assertThatThrownBy(writer::get).hasCauseInstanceOf(TunnelException.class);
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> tunnel.inputStream().readAllBytes())
                    .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.TUNNEL));
        }

        works();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aWireThatGoesSilentFailsTheRequestInTimeAndIsNotUsedAgain(HttpVersion version) throws Exception {
        client = builder(version).requestTimeout(Duration.ofSeconds(3)).build();
        works();
        TcpTunnel warm = open();
        cable.dead = true;
        TunnelException failure = catchThrowableOfType(TunnelException.class, this::open);
        assertThat(failure.retryable()).isTrue();
        cable.dead = false;

        works();
        warm.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aProxyThatTakesConnectionsAndSaysNothingFailsInTime(HttpVersion version) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, LOOPBACK)) {
            client = builder(version)
                    .proxy("https://localhost:" + silent.getLocalPort())
                    .connectTimeout(Duration.ofMillis(500))
                    .build();

            TunnelException failure = catchThrowableOfType(TunnelException.class, this::open);
            assertThat(failure.step()).isIn(TunnelStep.CONNECT_PROXY, TunnelStep.TLS);
            assertThat(failure.proxyError()).contains(ProxyErrorType.CONNECTION_TIMEOUT);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aProxyThatSpeaksSomethingElseFailsTheTunnel(HttpVersion version) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 50, LOOPBACK)) {
            EchoOrigin.background(() -> {
                try {
                    while (true) {
                        Socket socket = other.accept();
                        socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(UTF_8));
                    }
                } catch (IOException e) {
                    // closed
                }
            });
            client = builder(version)
                    .proxy("https://localhost:" + other.getLocalPort())
                    .build();

            TunnelException failure = catchThrowableOfType(TunnelException.class, this::open);
            assertThat(failure.step()).isEqualTo(TunnelStep.TLS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aProxyThatHangsUpDuringTheHandshakeFailsTheTunnel(HttpVersion version) throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 50, LOOPBACK)) {
            EchoOrigin.background(() -> {
                try {
                    while (true) {
                        Socket socket = rude.accept();
                        socket.getInputStream().read();
                        socket.close();
                    }
                } catch (IOException e) {
                    // closed
                }
            });
            client = builder(version)
                    .proxy("https://localhost:" + rude.getLocalPort())
                    .build();

            TunnelException failure = catchThrowableOfType(TunnelException.class, this::open);
            assertThat(failure.step()).isIn(TunnelStep.CONNECT_PROXY, TunnelStep.TLS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void nobodyAtThePortIsAFailureToConnect(HttpVersion version) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            port = free.getLocalPort();
        }
        client = builder(version).proxy("https://localhost:" + port).build();

        TunnelException failure = catchThrowableOfType(TunnelException.class, this::open);
        assertThat(failure.step()).isEqualTo(TunnelStep.CONNECT_PROXY);
        assertThat(failure.proxyError()).contains(ProxyErrorType.CONNECTION_REFUSED);
        assertThat(failure.retryable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void anInterruptEndsAWriteThatWaits(HttpVersion version) throws Exception {
        connect(version);
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
                TcpTunnel tunnel = client.openTcp("127.0.0.1", listener.getLocalPort())) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            CompletableFuture<Void> writer = inBackground(() -> {
                thread.complete(Thread.currentThread());
                while (true) {
                    tunnel.outputStream().write(new byte[100_000]); // nobody reads
                }
            });
            until(() -> thread.get().getState() == Thread.State.WAITING
                    || thread.get().getState() == Thread.State.TIMED_WAITING);
            thread.get().interrupt();

            assertThatThrownBy(writer::get).hasCauseInstanceOf(InterruptedIOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aDrainingServerLetsTunnelsFinish(HttpVersion version) throws Exception {
        connect(version);
        try (TcpTunnel tunnel = open()) {
            tunnel.outputStream().write(1);
            assertThat(tunnel.inputStream().read()).isEqualTo(1);
            CompletableFuture<Void> draining = inBackground(() -> server.drain(Duration.ofSeconds(20)));
            tunnel.outputStream().write(2);
            assertThat(tunnel.inputStream().read()).isEqualTo(2);
            tunnel.close();
            draining.get();
        }
    }
}
