package dev.masque.server.fake;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Sockets and names as the test wants them. */
public final class FakeNetwork implements Network, Resolver {
    public final List<Attempt> attempts = new ArrayList<>();
    public final List<UdpAttempt> udpAttempts = new ArrayList<>();
    public final Map<String, CompletableFuture<List<InetAddress>>> names = new HashMap<>();
    public final List<String> asked = new ArrayList<>();

    /** A TCP connection that is being made. */
    public static final class Attempt {
        public final InetSocketAddress target;
        public final DialOptions options;
        public final CompletableFuture<ByteStream> result = new CompletableFuture<>();
        private final Function<? super ByteStream, ? extends ByteHandler> made;

        Attempt(
                InetSocketAddress target,
                DialOptions options,
                Function<? super ByteStream, ? extends ByteHandler> made) {
            this.target = target;
            this.options = options;
            this.made = made;
        }

        public FakeSocket succeed() {
            FakeSocket socket = new FakeSocket(new QueueExecutor());
            socket.handler(made.apply(socket));
            result.complete(socket);
            return socket;
        }

        public void fail(ProxyErrorType type) {
            result.completeExceptionally(new NextHopException(type, "failed: 10.1.2.3", null));
        }
    }

    /** A UDP socket that is being made. */
    public record UdpAttempt(
            InetSocketAddress target,
            DialOptions options,
            CompletableFuture<UdpSocket> result,
            Function<? super UdpSocket, ? extends UdpHandler> made) {
        public FakeUdpSocket succeed() {
            FakeUdpSocket socket = new FakeUdpSocket();
            socket.handler(made.apply(socket));
            result.complete(socket);
            return socket;
        }
    }

    public Attempt attempt(int index) {
        return attempts.get(index);
    }

    @Override
    public CompletionStage<ByteStream> connectTcp(
            InetSocketAddress target,
            DialOptions options,
            Function<? super ByteStream, ? extends ByteHandler> handler) {
        Attempt attempt = new Attempt(target, options, handler);
        attempts.add(attempt);
        return attempt.result;
    }

    @Override
    public CompletionStage<UdpSocket> openUdp(
            InetSocketAddress target, DialOptions options, Function<? super UdpSocket, ? extends UdpHandler> handler) {
        UdpAttempt attempt = new UdpAttempt(target, options, new CompletableFuture<>(), handler);
        udpAttempts.add(attempt);
        return attempt.result;
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String name) {
        asked.add(name);
        return names.computeIfAbsent(name, any -> new CompletableFuture<>());
    }

    @Override
    public void close() {}
}
