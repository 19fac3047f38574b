package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.RawKeysException;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.thread.Stages;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Sessions over TLS and TCP on event loops of its own. */
final class NettyTransport implements Transport {
    static final String NAME = "netty";
    static final Set<HttpVersion> VERSIONS = Set.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);

    private static final WriteBufferWaterMark QUEUE = new WriteBufferWaterMark(128 << 10, 256 << 10);
    private static final long CLOSE_SECONDS = 3;

    private final EventLoopGroup group;
    private final ClientTls clientTls = new ClientTls();
    private final Connections connections = new Connections();
    private final Set<NettyListening> listenings = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A transport that owns the group. */
    NettyTransport(EventLoopGroup group) {
        this.group = group;
    }

    static void configure(DuplexChannel channel) {
        channel.config().setWriteBufferWaterMark(QUEUE);
        if (channel instanceof SocketChannel socket) {
            socket.config().setTcpNoDelay(true).setKeepAlive(true);
        }
    }

    @Override
    public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
        check(options.versions());
        options.checkAddress();
        RawKeysException complaint = RawKeyLibrary.complaint(options.rawKeys());
        if (complaint != null) {
            return CompletableFuture.failedFuture(complaint);
        }
        if (closed) {
            return CompletableFuture.failedFuture(
                    new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "the transport is closed", null));
        }
        CompletableFuture<HttpSession> result = new CompletableFuture<>();
        connect(options, handler, result);
        return result;
    }

    /** Once more if it turns out that the proxy needs other TLS. */
    private void connect(ConnectOptions options, SessionHandler handler, CompletableFuture<HttpSession> result) {
        CompletableFuture<HttpSession> attempt = attempt(options, handler);
        result.whenComplete((session, failure) -> attempt.cancel(true));
        attempt.whenComplete((session, failure) -> {
            if (session != null) {
                if (!result.complete(session)) {
                    session.close();
                }
            } else if (Stages.unwrap(failure) instanceof Connecting.UnsuitableTlsException && !result.isDone()) {
                connect(options, handler, result);
            } else {
                result.completeExceptionally(Stages.unwrap(failure));
            }
        });
    }

    private CompletableFuture<HttpSession> attempt(ConnectOptions options, SessionHandler handler) {
        EventLoop loop = group.next();
        Network network = options.network();
        if (network != null) {
            return Carrying.open(
                    network, options, loop, channel -> connect(channel.carried(), channel.loop(), options, handler));
        }
        try {
            return connect(SocketKind.of(loop).tcp(), loop, options, handler);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(ConnectErrors.of(e));
        }
    }

    private CompletableFuture<HttpSession> connect(
            DuplexChannel channel, EventLoop loop, ConnectOptions options, SessionHandler handler) {
        Connecting attempt = new Connecting(channel, options, handler, clientTls);
        CompletableFuture<HttpSession> result = attempt.start(loop);
        connections.add(attempt.channel());
        return result;
    }

    @Override
    public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
        check(options.versions());
        RawKeysException complaint = RawKeyLibrary.complaint(options.rawKeys());
        if (complaint != null) {
            return CompletableFuture.failedFuture(complaint);
        }
        if (options.rawKeys() != null && options.rawKeys().alone() && options.clients() != null) {
            return CompletableFuture.failedFuture(
                    new MasqueException("a port with a raw public key alone cannot ask clients for certificates"));
        }
        if (closed) {
            return CompletableFuture.failedFuture(new MasqueException("the transport is closed"));
        }
        List<HttpVersion> best = Stream.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                .filter(options.versions()::contains)
                .toList();
        NettyListening listening = new NettyListening(options, handler, best);
        listenings.add(listening);
        CompletableFuture<Listening> result = listening.start(group);
        listening.whenReleased(() -> listenings.remove(listening));
        if (closed) {
            listening.close();
        }
        return result;
    }

    @Override
    public void close() {
        closed = true;
        listenings.forEach(NettyListening::closeNow);
        connections.close();
        boolean waits = true;
        for (var executor : group) {
            waits &= !executor.inEventLoop();
        }
        if (waits) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
            listenings.forEach(listening -> listening.await(deadline));
            connections.await(deadline);
        }
        var terminated = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        if (waits) {
            terminated.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        clientTls.release();
    }

    private static void check(Iterable<HttpVersion> versions) {
        for (HttpVersion version : versions) {
            if (!VERSIONS.contains(version)) {
                throw new IllegalArgumentException("no " + version.alpn() + " on this transport");
            }
        }
    }
}
