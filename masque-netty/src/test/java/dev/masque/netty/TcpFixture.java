package dev.masque.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.NextHopException;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Connections of a {@link NettyNetwork} to a plain JDK socket. */
abstract class TcpFixture {
    static final DialOptions PLAIN = new DialOptions(null, Duration.ofSeconds(5), null);

    final SocketKind kind;
    NettyNetwork network;
    ServerSocket server;

    @SuppressWarnings("NullAway.Init") // open()
    TcpFixture(SocketKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    final void open() throws IOException {
        network = new NettyNetwork(Groups.of(kind));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(10_000);
    }

    @AfterEach
    final void close() throws IOException {
        server.close();
        network.close();
    }

    record Connection(ByteStream stream, RecordingTcp handler, Socket peer) {}

    final Connection connect(DialOptions options) throws Exception {
        AtomicReference<@Nullable RecordingTcp> handler = new AtomicReference<>();
        ByteStream stream = network.connectTcp(address(), options, made -> {
                    RecordingTcp recording = new RecordingTcp();
                    handler.set(recording);
                    return recording;
                })
                .toCompletableFuture()
                .get(10, SECONDS);
        Socket peer = server.accept();
        peer.setSoTimeout(10_000);
        return new Connection(stream, Objects.requireNonNull(handler.get()), peer);
    }

    final NextHopException failure(InetSocketAddress address, DialOptions options) throws Exception {
        try {
            network.connectTcp(address, options, made -> new RecordingTcp())
                    .toCompletableFuture()
                    .get(10, SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(NextHopException.class);
            return (NextHopException) e.getCause();
        }
        throw new AssertionError("connected");
    }

    final InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }
}
