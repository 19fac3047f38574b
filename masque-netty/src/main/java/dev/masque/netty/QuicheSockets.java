package dev.masque.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;

/**
 * The UDP sockets of a port, one for each event loop: the system spreads clients over them (SO_REUSEPORT), and each hands the
 * others what is theirs. Thread-safe.
 */
final class QuicheSockets {
    private final List<Channel> channels = new ArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicInteger open = new AtomicInteger();
    private boolean closing;

    /**
     * Binds. Once only.
     *
     * @param loops one or more; more only where the system can
     * @param wanted port 0 takes a free one
     * @param codec makes quiche's part for a socket with its connection ids
     * @return completes with the address
     */
    CompletableFuture<InetSocketAddress> bind(
            List<EventLoop> loops, InetSocketAddress wanted, Function<QuicheConnectionIds, ChannelHandler> codec) {
        CompletableFuture<InetSocketAddress> result = new CompletableFuture<>();
        InetSocketAddress address;
        List<io.netty.channel.socket.DatagramChannel> unbound = new ArrayList<>();
        try {
            address = loops.size() > 1 ? free(wanted) : wanted;
            for (EventLoop loop : loops) {
                unbound.add(SocketKind.of(loop).quic());
            }
        } catch (IOException e) {
            unbound.forEach(channel -> channel.unsafe().closeForcibly());
            closed.complete(null);
            return CompletableFuture.failedFuture(e);
        }
        SecretKeySpec key = QuicheConnectionIds.newKey();
        List<QuicheConnectionIds> ids = new ArrayList<>();
        List<QuicheSocket> port = new ArrayList<>();
        for (int number = 0; number < loops.size(); number++) {
            QuicheConnectionIds own = new QuicheConnectionIds(key, number);
            ids.add(own);
            port.add(QuicheSocket.ofPort(own, port));
        }
        AtomicInteger missing = new AtomicInteger(loops.size());
        open.set(loops.size());
        for (int number = 0; number < loops.size(); number++) {
            ChannelFuture bound = QuicheCodec.bind(
                    unbound.get(number), loops.get(number), address, port.get(number), codec.apply(ids.get(number)));
            add(bound.channel());
            bound.addListener(done -> {
                if (!done.isSuccess()) {
                    result.completeExceptionally(done.cause());
                    close();
                } else if (missing.decrementAndGet() == 0) {
                    if (!result.complete((InetSocketAddress) bound.channel().localAddress())) {
                        close();
                    }
                }
            });
        }
        closed.thenRun(() -> result.completeExceptionally(new ClosedChannelException()));
        return result;
    }

    /** The address with a port that nobody has: sockets that share one would share it with another server, too. */
    private static InetSocketAddress free(InetSocketAddress wanted) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.bind(wanted);
            return new InetSocketAddress(wanted.getAddress(), ((InetSocketAddress) probe.getLocalAddress()).getPort());
        }
    }

    private void add(Channel channel) {
        boolean late;
        synchronized (channels) {
            channels.add(channel);
            late = closing;
        }
        Ports.released(channel).thenRun(() -> {
            if (open.decrementAndGet() == 0) {
                closed.complete(null);
            }
        });
        if (late) {
            channel.close();
        }
    }

    private List<Channel> channels() {
        synchronized (channels) {
            return List.copyOf(channels);
        }
    }

    /** Completes when all are closed and the port is free. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Whether the caller is an event loop of one of them, and must not wait. */
    boolean isOnItsLoop() {
        return channels().stream().anyMatch(channel -> channel.eventLoop().inEventLoop());
    }

    /** Closes without waiting. */
    void close() {
        synchronized (channels) {
            closing = true;
        }
        channels().forEach(Channel::close);
    }

    void await(long deadline) {
        Ports.await(closed, deadline);
    }
}
