package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A port and the connections that came through it. */
final class NettyListening extends ChannelInitializer<SocketChannel> implements Listening {
    private static final int BACKLOG = 4_096;
    private static final long CLOSE_SECONDS = 3;

    private final ListenOptions options;
    private final SessionHandler handler;
    private final ServerTls tls;
    private final Connections connections = new Connections();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    private volatile boolean draining;

    @Nullable private volatile Channel port;

    @Nullable private volatile InetSocketAddress address;

    NettyListening(ListenOptions options, SessionHandler handler, List<HttpVersion> versions) {
        this.options = options;
        this.handler = handler;
        this.tls = new ServerTls(options, versions);
    }

    CompletableFuture<Listening> start(EventLoopGroup group) {
        CompletableFuture<Listening> result = new CompletableFuture<>();
        ServerSocketChannel socket;
        try {
            socket = SocketKind.of(group.next()).server();
        } catch (IOException e) {
            released();
            return CompletableFuture.failedFuture(unbound(e));
        }
        var bound = new ServerBootstrap()
                .group(group)
                .channelFactory(() -> socket)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(this)
                .bind(options.address());
        port = bound.channel();
        Ports.released(bound.channel()).thenRun(this::released);
        bound.addListener(done -> {
            if (done.isSuccess()) {
                address = (InetSocketAddress) bound.channel().localAddress();
                result.complete(this);
            } else {
                result.completeExceptionally(unbound(done.cause()));
            }
        });
        return result;
    }

    private void released() {
        tls.release();
        released.complete(null);
    }

    private static MasqueException unbound(Throwable cause) {
        return new MasqueException("the port cannot be bound", cause);
    }

    void whenReleased(Runnable task) {
        released.thenRun(task);
    }

    boolean isDraining() {
        return draining;
    }

    @Override
    public boolean isSharable() {
        return true; // one for all connections of the port
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        if (draining) { // it came before the port was closed
            channel.close();
            return;
        }
        connections.add(channel);
        NettyTransport.configure(channel);
        channel.pipeline().addLast(new NoRenegotiation(), tls.newHandler(), new Accepting(this, options, handler));
    }

    @Override
    public InetSocketAddress address() {
        InetSocketAddress bound = address;
        if (bound == null) {
            throw new IllegalStateException("not bound");
        }
        return bound;
    }

    @Override
    public void drain() {
        draining = true;
        closePort();
        connections.drain();
    }

    @Override
    public void close() {
        closeNow();
        Channel listening = port;
        if (listening != null && !listening.eventLoop().inEventLoop()) {
            await(System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS));
        }
    }

    /** Closes without waiting. */
    void closeNow() {
        draining = true;
        closePort();
        connections.close();
    }

    /** Waits until the port and all connections are closed. */
    void await(long deadline) {
        if (port != null) {
            Ports.await(released, deadline);
        }
        connections.await(deadline);
    }

    private void closePort() {
        Channel listening = port;
        if (listening != null) {
            listening.close();
        }
    }
}
