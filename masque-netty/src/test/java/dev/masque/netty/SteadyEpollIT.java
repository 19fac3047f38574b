package dev.masque.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.ResetReason;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What SteadyEpoll is for: a peer that ends its direction while we are paused. */
@Timeout(30)
class SteadyEpollIT {
    @BeforeEach
    void epollIsThere() {
        assumeTrue(Epoll.isAvailable(), "epoll is not available here");
    }

    @Test
    void aConnectionSurvivesAnEndWhilePaused() throws Exception {
        assertThat(survives(SteadyEpoll.newFactory())).isTrue();
    }

    /** When this fails, Netty has changed and SteadyEpoll may go: see its description. */
    @Test
    void nettyAloneStillLosesIt() throws Exception {
        assertThat(survives(EpollIoHandler.newFactory())).isFalse();
    }

    private static boolean survives(IoHandlerFactory factory) throws Exception {
        NettyNetwork network = new NettyNetwork(new MultiThreadIoEventLoopGroup(1, factory));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<RecordingTcp> handler = new CompletableFuture<>();
            ByteStream stream = network.connectTcp(
                            new InetSocketAddress(server.getInetAddress(), server.getLocalPort()),
                            new DialOptions(null, Duration.ofSeconds(5), null),
                            made -> {
                                RecordingTcp recording = new RecordingTcp();
                                handler.complete(recording);
                                return recording;
                            })
                    .toCompletableFuture()
                    .get(10, SECONDS);
            try (Socket peer = server.accept()) {
                peer.getOutputStream().write("early".getBytes(UTF_8));
                peer.shutdownOutput();
                for (int i = 0; i < 10; i++) { // the event loop sees the end meanwhile
                    CompletableFuture<Void> turn = new CompletableFuture<>();
                    stream.executor()
                            .execute(
                                    () -> turn.completeOnTimeout(null, 20, java.util.concurrent.TimeUnit.MILLISECONDS));
                    turn.get(20, SECONDS);
                }
                stream.resume();
                RecordingTcp recording = handler.get(20, SECONDS);
                boolean ended =
                        CompletableFuture.anyOf(recording.closed, CompletableFuture.runAsync(() -> await(recording)))
                                        .get(10, SECONDS)
                                == null;
                stream.end();
                return ended && recording.failure() == null;
            }
        } finally {
            network.close();
        }
    }

    private static void await(RecordingTcp recording) {
        try {
            assertThat(recording.ended.await(10, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One batch of events: the first closes the second's socket and connects to a target that has ended when it returns. */
    @RepeatedTest(5)
    void aNewConnectionGetsNoEventOfTheOneThatHadItsDescriptor() throws Exception {
        NettyNetwork network = new NettyNetwork(new MultiThreadIoEventLoopGroup(1, SteadyEpoll.newFactory()));
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
                ServerSocket hasty = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RecordingTcp next = new RecordingTcp();
            CompletableFuture<ByteStream> second = new CompletableFuture<>();
            CompletableFuture<Socket> accepted = new CompletableFuture<>();
            CompletableFuture<ByteStream> connected = new CompletableFuture<>();
            ByteStream first = connect(network, server, new RecordingTcp() {
                @Override
                public synchronized void data(ByteBuffer data) {
                    second.join().reset(ResetReason.CANCEL);
                    network.connectTcp(address(hasty), options(), made -> next).thenAccept(connected::complete);
                    accepted.complete(acceptAndEnd(hasty));
                }
            });
            Socket firstPeer = server.accept();
            second.complete(connect(network, server, new RecordingTcp()));
            Socket secondPeer = server.accept();
            first.resume();
            second.join().resume();
            CompletableFuture<Void> waiting = new CompletableFuture<>();
            CompletableFuture<Void> busy = new CompletableFuture<>();
            first.executor().execute(() -> {
                waiting.complete(null);
                busy.join();
            });
            waiting.get(10, SECONDS);
            firstPeer.getOutputStream().write(1);
            secondPeer.getOutputStream().write(1);
            busy.complete(null);
            connected.get(10, SECONDS).resume();
            assertThat(next.ended.await(10, SECONDS)).isTrue();
            firstPeer.close();
            secondPeer.close();
            accepted.join().close();
        } finally {
            network.close();
        }
    }

    private static Socket acceptAndEnd(ServerSocket server) {
        try {
            Socket peer = server.accept();
            peer.shutdownOutput();
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteStream connect(NettyNetwork network, ServerSocket server, RecordingTcp handler)
            throws Exception {
        return network.connectTcp(address(server), options(), made -> handler)
                .toCompletableFuture()
                .get(10, SECONDS);
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    private static DialOptions options() {
        return new DialOptions(null, Duration.ofSeconds(5), null);
    }
}
