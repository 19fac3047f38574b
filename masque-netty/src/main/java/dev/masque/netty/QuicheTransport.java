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
import dev.masque.core.thread.Workers;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Sessions over HTTP/3 on quiche, on event loops of its own. Thread-safe. */
final class QuicheTransport implements Transport {
    static final String NAME = "quiche";
    static final Set<HttpVersion> VERSIONS = Set.of(HttpVersion.HTTP_3);

    private static final long CLOSE_SECONDS = 3;

    /** Connections that may wait for their turn to begin, each of which takes a processor some milliseconds. */
    private static final int MOST_CONNECTING = 4_096;

    private final EventLoopGroup group;
    private final QuicheClientTls clientTls = new QuicheClientTls();
    private final Connections connections = new Connections();
    private final ExecutorService workers = Workers.perProcessor("masque-quiche-connecting", MOST_CONNECTING);
    private final Set<QuicheListening> listenings = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A transport that owns the group. */
    QuicheTransport(EventLoopGroup group) {
        this.group = group;
    }

    @Override
    public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
        check(options.versions());
        options.checkAddress();
        if (options.rawKeys() != null) {
            return CompletableFuture.failedFuture(RawKeysException.onQuic());
        }
        if (closed) {
            return CompletableFuture.failedFuture(
                    new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "the transport is closed", null));
        }
        EventLoop loop = group.next();
        Network network = options.network();
        return network == null
                ? attempt(options, handler).start(loop)
                : Carrying.openUdp(
                        network, options, loop, way -> attempt(options, handler).start(way.carried(), way.loop()));
    }

    private QuicheConnecting attempt(ConnectOptions options, SessionHandler handler) {
        return new QuicheConnecting(options, handler, clientTls, connections, workers);
    }

    @Override
    public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
        check(options.versions());
        if (options.rawKeys() != null) {
            return CompletableFuture.failedFuture(RawKeysException.onQuic());
        }
        if (closed) {
            return CompletableFuture.failedFuture(new MasqueException("the transport is closed"));
        }
        QuicheListening listening = new QuicheListening(options, handler);
        listenings.add(listening);
        CompletableFuture<Listening> result = listening.start(loops());
        listening.whenReleased(() -> listenings.remove(listening));
        if (closed) {
            listening.close();
        }
        return result;
    }

    @Override
    public void close() {
        closed = true;
        listenings.forEach(QuicheListening::closeNow);
        connections.close();
        workers.shutdown();
        boolean waits = true;
        for (var executor : group) {
            waits &= !executor.inEventLoop();
        }
        if (waits) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
            awaitWorkers(deadline);
            listenings.forEach(listening -> listening.await(deadline));
            connections.await(deadline);
        }
        var terminated = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        if (waits) {
            terminated.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        clientTls.release();
    }

    private void awaitWorkers(long deadline) {
        try {
            workers.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All, where the system spreads the clients of a port over several sockets; else one. */
    private List<EventLoop> loops() {
        List<EventLoop> loops = new ArrayList<>();
        for (var executor : group) {
            if (executor instanceof EventLoop loop && loops.size() < QuicheConnectionIds.MOST_SOCKETS) {
                loops.add(loop);
            }
        }
        return SocketKind.of(loops.get(0)) == SocketKind.EPOLL ? loops : List.of(group.next());
    }

    private static void check(Collection<HttpVersion> versions) {
        if (!VERSIONS.containsAll(versions)) {
            throw new IllegalArgumentException("HTTP/3 only on this transport");
        }
    }
}
