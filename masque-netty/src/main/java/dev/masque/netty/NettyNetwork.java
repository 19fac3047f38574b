package dev.masque.netty;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sockets towards targets on Netty. A socket lives on the event loop of the session that it serves if that is one of Netty's,
 * so that a relay never changes threads; else on a group of this network's own.
 */
final class NettyNetwork implements Network {
    private static final WriteBufferWaterMark TCP_QUEUE = new WriteBufferWaterMark(64 << 10, 256 << 10);
    private static final WriteBufferWaterMark UDP_QUEUE = new WriteBufferWaterMark(256 << 10, 512 << 10);
    private static final long CLOSE_SECONDS = 3;

    private final EventLoopGroup group;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A network that owns the group. */
    NettyNetwork(EventLoopGroup group) {
        this.group = group;
    }

    @Override
    public CompletionStage<ByteStream> connectTcp(
            InetSocketAddress target,
            DialOptions options,
            Function<? super ByteStream, ? extends ByteHandler> handler) {
        NextHopException problem = problem(target, options.source());
        if (problem != null) {
            return CompletableFuture.failedFuture(problem);
        }
        EventLoop loop = loop(options);
        SocketChannel channel;
        try {
            channel = SocketKind.of(loop).tcp();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(noSocket(e));
        }
        channel.config()
                .setAllowHalfClosure(true)
                .setTcpNoDelay(true)
                .setKeepAlive(true)
                .setAutoRead(false)
                .setWriteBufferWaterMark(TCP_QUEUE)
                .setConnectTimeoutMillis(
                        (int) Math.max(1, Math.min(options.timeout().toMillis(), Integer.MAX_VALUE)));
        if (options.anySource()) {
            SocketKind.allowAnySource(channel);
        }
        Dial<ByteStream> dial = new Dial<>(channel, target, options.source(), () -> {
            TcpStream stream = new TcpStream(channel);
            stream.start(handler.apply(stream));
            return stream;
        });
        return start(dial, channel, loop);
    }

    @Override
    public CompletionStage<UdpSocket> openUdp(
            InetSocketAddress target, DialOptions options, Function<? super UdpSocket, ? extends UdpHandler> handler) {
        NextHopException problem = problem(target, options.source());
        if (problem != null) {
            return CompletableFuture.failedFuture(problem);
        }
        EventLoop loop = loop(options);
        SocketKind.UdpChannel socket;
        try {
            socket = SocketKind.of(loop).udp(target.getAddress() instanceof Inet6Address);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(noSocket(e));
        }
        socket.channel().config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UDP_QUEUE);
        if (options.anySource()) {
            SocketKind.allowAnySource(socket.channel());
        }
        Dial<UdpSocket> dial = new Dial<>(socket.channel(), target, options.source(), () -> {
            ConnectedUdp udp = new ConnectedUdp(socket);
            udp.start(handler.apply(udp));
            return udp;
        });
        return start(dial, socket.channel(), loop);
    }

    @Override
    public void close() {
        closed = true;
        for (Channel channel : open) {
            abort(channel);
        }
        boolean waits = true;
        for (var executor : group) {
            waits &= !executor.inEventLoop();
        }
        for (Channel channel : open) {
            waits &= !channel.isRegistered() || !channel.eventLoop().inEventLoop();
        }
        if (waits) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
            for (Channel channel : open) { // first: a group that shuts down closes with a FIN
                channel.closeFuture().awaitUninterruptibly(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        }
        var terminated = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        if (waits) {
            terminated.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** How many sockets are open, attempts included. */
    int open() {
        return open.size();
    }

    private <T> CompletionStage<T> start(Dial<T> dial, Channel channel, EventLoop loop) {
        open.add(channel);
        channel.closeFuture().addListener(gone -> open.remove(channel));
        CompletableFuture<T> result = dial.start(loop);
        if (closed) { // close() may have looked at the open ones before this one was there
            result.completeExceptionally(closedFailure());
            abort(channel);
        }
        return result;
    }

    private EventLoop loop(DialOptions options) {
        EventLoop affine = SocketKind.loop(options.affinity());
        return affine != null ? affine : group.next();
    }

    @Nullable private NextHopException problem(InetSocketAddress target, @Nullable InetAddress source) {
        if (target.isUnresolved()) {
            throw new IllegalArgumentException("target is not resolved");
        }
        if (closed) {
            return closedFailure();
        }
        if (source != null && source instanceof Inet4Address != target.getAddress() instanceof Inet4Address) {
            return new NextHopException(
                    ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, "source address of another family", null);
        }
        return null;
    }

    private static NextHopException noSocket(Exception cause) {
        return new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "no socket", cause);
    }

    private static NextHopException closedFailure() {
        return new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "the network is closed", null);
    }

    private static void abort(Channel channel) {
        try {
            channel.eventLoop().execute(() -> SocketKind.abort(channel));
        } catch (IllegalStateException | java.util.concurrent.RejectedExecutionException neverRegistered) {
            channel.unsafe().closeForcibly();
        }
    }
}
