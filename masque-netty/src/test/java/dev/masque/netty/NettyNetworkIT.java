package dev.masque.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** TCP towards plain JDK sockets: what a connection carries and how it ends. */
@ParameterizedClass(name = "{0}")
@EnumSource(SocketKind.class)
@Timeout(60)
class NettyNetworkIT extends TcpFixture {
    NettyNetworkIT(SocketKind kind) {
        super(kind);
    }

    @Test
    void bytesGoBothWays() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().resume();

        c.stream().write(ByteBuffer.wrap("ping".getBytes(UTF_8)));
        c.stream().flush();
        assertThat(c.peer().getInputStream().readNBytes(4)).isEqualTo("ping".getBytes(UTF_8));
        c.peer().getOutputStream().write("pong".getBytes(UTF_8));

        c.handler().awaitText("pong"::equals);
    }

    @Test
    void theEndOfABatchIsAnnounced() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().resume();

        c.peer().getOutputStream().write(1);
        c.peer().shutdownOutput();

        assertThat(c.handler().ended.await(10, SECONDS)).isTrue();
        assertThat(c.handler().batches).hasPositiveValue();
    }

    @Test
    void nothingArrivesBeforeTheFirstResume() throws Exception {
        Connection c = connect(PLAIN);

        c.peer().getOutputStream().write("early".getBytes(UTF_8));
        c.peer().shutdownOutput();
        barrier(c);

        assertThat(c.handler().text()).isEmpty();
        assertThat(c.handler().ended.getCount()).isOne();
        assertThat(((TcpStream) c.stream()).held).as("left with the system").isEmpty();
        c.stream().resume();
        c.handler().awaitText("early"::equals);
        assertThat(c.handler().ended.await(10, SECONDS)).isTrue();
    }

    @Test
    void aSlowReaderStopsTheSender() throws Exception {
        Connection c = connect(PLAIN);
        c.handler().keep = false;
        long total = 64 << 20;
        CompletableFuture<Void> sending = sendInBackground(c.peer(), total);

        assertThatThrownBy(() -> sending.get(500, MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(c.handler().count).hasValue(0);
        c.stream().resume();

        assertThat(c.handler().ended.await(30, SECONDS)).isTrue();
        assertThat(c.handler().count).hasValue(total);
    }

    @Test
    void pauseFromACallbackHoldsWhatComesNext() throws Exception {
        AtomicReference<@Nullable ByteStream> made = new AtomicReference<>();
        List<Integer> sizes = new ArrayList<>();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        network.connectTcp(address(), PLAIN, stream -> {
            made.set(stream);
            return new ByteHandler() {
                private boolean paused;

                @Override
                public void data(ByteBuffer data) {
                    if (paused) {
                        ended.completeExceptionally(new AssertionError("data while paused"));
                    }
                    sizes.add(data.remaining());
                    paused = true;
                    stream.pause();
                    stream.executor().execute(() -> {
                        paused = false;
                        stream.resume();
                    });
                }

                @Override
                public void end() {
                    ended.complete(sizes.stream().mapToInt(Integer::intValue).sum());
                }

                @Override
                public void closed(@Nullable StreamFailure failure) {}
            };
        });
        try (Socket peer = server.accept()) {
            CompletableFuture<Void> sending = sendInBackground(peer, 3_000_000);
            while (made.get() == null || !network(made)) {
                Thread.onSpinWait();
            }
            assertThat(ended.get(20, SECONDS)).isEqualTo(3_000_000);
            sending.get(20, SECONDS);
        }
    }

    private static boolean network(AtomicReference<@Nullable ByteStream> made) {
        ByteStream stream = made.get();
        if (stream == null) {
            return false;
        }
        stream.resume();
        return true;
    }

    @Test
    void aSlowTargetStopsTheWriterAndSaysWhenItGoesOn() throws Exception {
        Connection c = connect(PLAIN);
        CompletableFuture<Integer> filled = new CompletableFuture<>();
        c.stream().executor().execute(() -> {
            int written = 0;
            while (c.stream().isWritable() && written < 64 << 20) {
                c.stream().write(ByteBuffer.allocate(65_536));
                c.stream().flush();
                written += 65_536;
            }
            filled.complete(written);
        });
        int written = filled.get(10, SECONDS);

        assertThat(written).isLessThan(64 << 20);
        assertThat(c.handler().writable.getCount()).isOne();
        c.peer().getInputStream().readNBytes(written);

        assertThat(c.handler().writable.await(10, SECONDS)).isTrue();
        assertThat(c.stream().isWritable()).isTrue();
    }

    @Test
    void theTargetMayEndFirstAndStillListen() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().resume();

        c.peer().shutdownOutput();
        assertThat(c.handler().ended.await(10, SECONDS)).isTrue();
        c.stream().write(ByteBuffer.wrap("late".getBytes(UTF_8)));
        c.stream().end();

        assertThat(c.peer().getInputStream().readAllBytes()).isEqualTo("late".getBytes(UTF_8));
        assertThat(c.handler().failure()).isNull();
    }

    @Test
    void muchCanBeSentAgainAndAgainAfterTheTargetEnded() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().resume();
        c.peer().shutdownOutput();
        assertThat(c.handler().ended.await(10, SECONDS)).isTrue();
        byte[] much = new byte[8 << 20];

        for (int i = 0; i < 5; i++) { // each time the socket's own buffer is full, then empty again
            c.stream().write(ByteBuffer.wrap(much));
            c.stream().flush();
            assertThat(c.peer().getInputStream().readNBytes(much.length)).hasSize(much.length);
        }
        c.stream().end();

        assertThat(c.handler().failure()).isNull();
    }

    @Test
    void aPausedStreamWhoseTargetEndedCanStillSendAndThenReceive() throws Exception {
        Connection c = connect(PLAIN);
        byte[] much = new byte[8 << 20];
        c.peer().getOutputStream().write("early".getBytes(UTF_8));
        c.peer().shutdownOutput();
        barrier(c);

        c.stream().write(ByteBuffer.wrap(much));
        c.stream().flush();
        assertThat(c.peer().getInputStream().readNBytes(much.length)).hasSize(much.length);
        c.stream().resume();

        c.handler().awaitText("early"::equals);
        c.stream().end();
        assertThat(c.handler().failure()).isNull();
    }

    @Test
    void anIdleHalfClosedConnectionCostsNoTime() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().resume();
        c.peer().shutdownOutput();
        assertThat(c.handler().ended.await(10, SECONDS)).isTrue();
        CompletableFuture<Long> thread = new CompletableFuture<>();
        c.stream()
                .executor()
                .execute(() -> thread.complete(Thread.currentThread().getId()));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();

        long before = threads.getThreadCpuTime(thread.get(20, SECONDS));
        assertThatThrownBy(() -> c.handler().closed.get(500, MILLISECONDS)).isInstanceOf(TimeoutException.class);

        assertThat(threads.getThreadCpuTime(thread.get()) - before).isLessThan(MILLISECONDS.toNanos(200));
    }

    @Test
    void weMayEndFirstAndStillListen() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().resume();
        byte[] much = new byte[3_000_000];

        c.stream().write(ByteBuffer.wrap(much));
        c.stream().end();
        assertThat(c.peer().getInputStream().readAllBytes()).hasSize(much.length);
        c.peer().getOutputStream().write("answer".getBytes(UTF_8));
        c.peer().close();

        c.handler().awaitText("answer"::equals);
        assertThat(c.handler().failure()).isNull();
    }

    @Test
    void endingTwiceAndWritingAfterTheEndDoNothing() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().end();
        c.stream().end();

        ByteBuffer late = ByteBuffer.wrap(new byte[10]);
        assertThat(c.stream().write(late)).isFalse();
        c.stream().flush();

        assertThat(late.hasRemaining()).isFalse();
        assertThat(c.peer().getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aResetReachesTheTargetAsReset() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().resume();

        c.stream().reset(ResetReason.CANCEL);

        assertThatThrownBy(() -> c.peer().getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(c.handler().failure()).isEqualTo(StreamFailure.local(ResetReason.CANCEL, null));
    }

    @Test
    void aResetDropsWhatIsNotSentAndIsRepeatable() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().write(ByteBuffer.wrap(new byte[10_000_000]));

        c.stream().reset(ResetReason.CONNECT_ERROR);
        c.stream().reset(ResetReason.CANCEL);

        assertThat(c.handler().failure()).isEqualTo(StreamFailure.local(ResetReason.CONNECT_ERROR, null));
        assertThat(c.stream().isWritable()).isFalse();
    }

    @Test
    void aResetByTheTargetIsARemoteConnectError() throws Exception {
        Connection c = connect(PLAIN);
        c.stream().resume();

        c.peer().setSoLinger(true, 0);
        c.peer().close();

        assertThat(c.handler().failure()).isEqualTo(StreamFailure.remote(ResetReason.CONNECT_ERROR, -1));
        assertThat(c.handler().ended.getCount()).isOne();
    }

    @Test
    void aResetIsSeenByAWriterWhoDoesNotRead() throws Exception {
        Connection c = connect(PLAIN);
        c.peer().setSoLinger(true, 0);
        c.peer().close();

        while (!c.handler().closed.isDone()) {
            c.stream().write(ByteBuffer.wrap(new byte[1000]));
            c.stream().flush();
            Thread.onSpinWait();
        }

        assertThat(c.handler().failure()).isEqualTo(StreamFailure.remote(ResetReason.CONNECT_ERROR, -1));
    }

    @Test
    void aResetReachesAPausedStreamOnEpoll() throws Exception { // the JDK's sockets notice when they read or write
        assumeTrue(kind == SocketKind.EPOLL);
        Connection c = connect(PLAIN);
        c.peer().getOutputStream().write(new byte[100_000]);
        c.peer().setSoLinger(true, 0);
        c.peer().close();

        assertThat(c.handler().failure()).isEqualTo(StreamFailure.remote(ResetReason.CONNECT_ERROR, -1));
    }

    @Test
    void aHandlerThatThrowsResetsTheConnection() throws Exception {
        CompletableFuture<@Nullable StreamFailure> closed = new CompletableFuture<>();
        ByteStream stream = network.connectTcp(address(), PLAIN, made -> new ByteHandler() {
                    @Override
                    public void data(ByteBuffer data) {
                        throw new IllegalStateException("as arranged");
                    }

                    @Override
                    public void end() {}

                    @Override
                    public void closed(@Nullable StreamFailure failure) {
                        closed.complete(failure);
                    }
                })
                .toCompletableFuture()
                .get(10, SECONDS);
        try (Socket peer = server.accept()) {
            stream.resume();
            peer.getOutputStream().write(1);

            StreamFailure failure = closed.get(10, SECONDS);

            assertThat(failure).isNotNull().extracting(StreamFailure::reason).isEqualTo(ResetReason.INTERNAL_ERROR);
            assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void closingTheNetworkClosesEveryConnection() throws Exception {
        Connection c = connect(PLAIN);

        network.close();

        assertThat(c.handler().failure()).isNotNull();
        assertThatThrownBy(() -> c.peer().getInputStream().read()).isInstanceOf(SocketException.class);
        assertThat(network.open()).isZero();
        assertThat(failure(address(), PLAIN).type()).isEqualTo(ProxyErrorType.PROXY_INTERNAL_ERROR);
        network.close();
    }

    /** Lets what is under way on the loop happen: the peer's bytes are with the system when this starts. */
    private static void barrier(Connection c) throws Exception {
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Void> turn = new CompletableFuture<>();
            ((io.netty.channel.EventLoop) c.stream().executor()).schedule(() -> turn.complete(null), 10, MILLISECONDS);
            turn.get(20, SECONDS);
        }
    }

    private static CompletableFuture<Void> sendInBackground(Socket peer, long total) {
        return CompletableFuture.runAsync(() -> {
            try {
                OutputStream out = peer.getOutputStream();
                byte[] block = new byte[65_536];
                for (long left = total; left > 0; left -= block.length) {
                    out.write(block, 0, (int) Math.min(left, block.length));
                }
                peer.shutdownOutput();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
