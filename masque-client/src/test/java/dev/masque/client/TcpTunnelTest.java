package dev.masque.client;

import static dev.masque.client.Waiting.inBackground;
import static dev.masque.client.Waiting.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ResetReason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpTunnelTest {
    @AutoClose
    private final ScriptedProxy proxy = Clients.http2();

    @AutoClose
    private final MasqueClient client = Clients.to(proxy)
            .credentials(Credentials.preshared("secret"))
            .field("x-app", "test")
            .limits(ClientLimits.defaults().withBuffers(64 << 10, 4))
            .build();

    private ProxiedStream stream() {
        return proxy.streams.get(0);
    }

    @Test
    void asksWithTheTargetTheCredentialsAndTheFields() throws Exception {
        try (TcpTunnel tunnel = client.openTcp("Example.com", 443)) {
            assertThat(tunnel.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(stream().request().isConnect()).isTrue();
            assertThat(stream().request().authority()).isEqualTo("example.com:443");
            assertThat(stream().request().fields().first("proxy-authorization")).isEqualTo("Preshared secret");
            assertThat(stream().request().fields().first("x-app")).isEqualTo("test");
        }
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
            tunnel.outputStream().write("hello".getBytes(UTF_8));
            tunnel.shutdownOutput();

            assertThat(tunnel.inputStream().readAllBytes()).isEqualTo("hello".getBytes(UTF_8));
        }
    }

    @Test
    void carriesMoreThanItBuffers() throws Exception {
        byte[] sent = new byte[5_000_000];
        new Random(7).nextBytes(sent);
        try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                try {
                    tunnel.outputStream().write(sent);
                    tunnel.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            byte[] received = tunnel.inputStream().readAllBytes();
            writer.get();

            assertThat(Arrays.equals(received, sent)).isTrue();
        }
    }

    @Test
    void holdsTheProxyBackWhileNobodyReads() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
            int sent = stream().replyUntilStopped();
            stream().replyEnd();
            until(() -> tunnel.inputStream().available() >= 64 << 10);
            assertThat(tunnel.inputStream().available()).isBetween(64 << 10, 72 << 10);

            assertThat(tunnel.inputStream().readAllBytes()).hasSize(sent);
        }
    }

    @Test
    void writersWaitWhileTheProxyTakesNothing() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
            stream().takes(false);
            byte[] much = new byte[4 << 20];
            CompletableFuture<Void> writer =
                    inBackground(() -> tunnel.outputStream().write(much));
            assertThatThrownBy(() -> writer.get(50, TimeUnit.MILLISECONDS)).hasMessage(null);
            assertThat(stream().arrived().length).isZero();

            stream().takes(true);
            writer.get();
            until(() -> stream().arrived().length == much.length);
        }
    }

    @Test
    void eachDirectionEndsAlone() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
            stream().replyEnd();
            assertThat(tunnel.inputStream().read()).isEqualTo(-1);

            tunnel.outputStream().write(1);
            tunnel.shutdownOutput();
            stream().clientEnded.get();
            assertThat(stream().arrived().length).isEqualTo(1);
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> tunnel.outputStream().write(1));
        }
    }

    @Test
    void readsTimeOutAndTheTunnelGoesOn() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
            tunnel.readTimeout(Duration.ofMillis(20));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> tunnel.inputStream().read());
            stream().reply(new byte[] {42});
            tunnel.readTimeout(Duration.ZERO);

            assertThat(tunnel.inputStream().read()).isEqualTo(42);
        }
    }

    @Test
    void anInterruptEndsARead() throws Exception {
        try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
            CountDownLatch flagged = new CountDownLatch(1);
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    failure.completeExceptionally(
                            new AssertionError(tunnel.inputStream().read()));
                } catch (IOException e) {
                    failure.complete(e);
                    if (Thread.currentThread().isInterrupted()) {
                        flagged.countDown();
                    }
                }
            });
            reader.start();
            until(() -> reader.getState() == Thread.State.WAITING || reader.getState() == Thread.State.TIMED_WAITING);
            reader.interrupt();

            assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
            assertThat(flagged.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeFromAnotherThreadEndsAReadAndAWrite() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        TcpTunnel tunnel = client.openTcp("example.com", 443);
        stream().takes(false);
        CompletableFuture<Void> reader = inBackground(() -> tunnel.inputStream().read());
        CompletableFuture<Void> writer =
                inBackground(() -> tunnel.outputStream().write(new byte[4 << 20]));
        assertThatThrownBy(() -> writer.get(50, TimeUnit.MILLISECONDS)).hasMessage(null);
        tunnel.close();

        assertThatThrownBy(reader::get).hasRootCauseInstanceOf(SocketException.class);
        assertThatThrownBy(writer::get).hasRootCauseInstanceOf(SocketException.class);
        stream().takes(true);
        stream().clientEnded.get();
    }

    @Test
    void aResetFromTheProxyFailsReadsAfterWhatCameBefore() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
            stream().reply(new byte[] {1, 2});
            stream().resets(ResetReason.CONNECT_ERROR);
            assertThat(tunnel.inputStream().readNBytes(2)).hasSize(2);

            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> tunnel.inputStream().read())
                    .satisfies(e -> assertThat(e.step()).isEqualTo(TunnelStep.TUNNEL))
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> tunnel.outputStream().write(1));
        }
    }

    @Test
    void closeSendsTheEndAndWaitsForThePeersInTheBackground() throws Exception {
        proxy.onRequest = ProxiedStream::acceptAndEndWithTheClient;
        TcpTunnel tunnel = client.openTcp("example.com", 443);
        tunnel.outputStream().write("last words".getBytes(UTF_8));
        tunnel.close();

        stream().clientEnded.get();
        until(() -> stream().isOver());
        assertThat(stream().clientReset).isNotDone();
        assertThat(new String(stream().arrived(), UTF_8)).isEqualTo("last words");
    }

    @Test
    void closeWithUnreadDataIsAReset() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        TcpTunnel tunnel = client.openTcp("example.com", 443);
        stream().reply(new byte[10]);
        until(() -> tunnel.inputStream().available() == 10);
        tunnel.close();

        assertThat(stream().clientReset.get()).isEqualTo(ResetReason.CANCEL);
    }

    @Test
    void aProxyThatTalksOnAfterTheCloseIsReset() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        client.openTcp("example.com", 443).close();
        stream().clientEnded.get();
        for (int i = 0; i < 20; i++) {
            stream().reply(new byte[8 << 10]);
        }

        assertThat(stream().clientReset.get()).isEqualTo(ResetReason.CANCEL);
    }
}
