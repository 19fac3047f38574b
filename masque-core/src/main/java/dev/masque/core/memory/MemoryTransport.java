package dev.masque.core.memory;

import dev.masque.core.ClientCertificateException;
import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.RawKeysException;
import dev.masque.core.Target;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import dev.masque.core.thread.Stages;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.TlsIdentity;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sessions between transports of one {@link MemoryTransportProvider}. */
final class MemoryTransport implements Transport {
    private static final long CLOSE_SECONDS = 3;

    private final MemoryTransportProvider provider;
    private final Threads threads;
    private final Timer timer;
    private final Set<MemorySession> sessions = ConcurrentHashMap.newKeySet();
    private final Set<MemoryListening> listenings = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    MemoryTransport(MemoryTransportProvider provider, Threads threads) {
        this.provider = provider;
        this.threads = threads;
        this.timer = new Timer(threads);
    }

    Ports<MemoryListening> ports() {
        return provider.ports();
    }

    @Override
    public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
        check(options.versions());
        options.checkAddress();
        if (options.rawKeys() != null) {
            return CompletableFuture.failedFuture(new RawKeysException("no raw public keys in memory"));
        }
        if (closed) {
            return failed(ProxyErrorType.PROXY_INTERNAL_ERROR, "the transport is closed");
        }
        CompletableFuture<?> route = provider.route(options);
        Network network = options.network();
        if (network != null) {
            return carried(options, handler, network, route);
        }
        return route.isDone() && !route.isCompletedExceptionally()
                ? arrive(options, handler)
                : travel(options, handler, route);
    }

    private CompletionStage<HttpSession> carried(
            ConnectOptions options, SessionHandler handler, Network network, CompletableFuture<?> route) {
        MemoryTunnel tunnel = new MemoryTunnel();
        CompletableFuture<?> whole = route.thenCompose(arrived -> tunnel.open(network, options));
        CompletionStage<HttpSession> result = travel(options, handler, whole);
        result.whenComplete((session, failure) -> {
            if (session instanceof MemorySession made) {
                tunnel.carries(made);
            } else {
                tunnel.close();
            }
        });
        return result;
    }

    /** Connects once the route says so. */
    private CompletionStage<HttpSession> travel(
            ConnectOptions options, SessionHandler handler, CompletableFuture<?> route) {
        CompletableFuture<HttpSession> result = new CompletableFuture<>();
        timeOut(result, options.timeout());
        result.whenComplete((session, failure) -> route.cancel(true));
        route.whenComplete((arrived, failure) -> {
            if (failure != null) {
                result.completeExceptionally(Stages.unwrap(failure));
            } else if (!result.isDone()) {
                CompletableFuture<HttpSession> connected =
                        arrive(options, handler).toCompletableFuture();
                result.whenComplete((session, problem) -> connected.cancel(true));
                connected.whenComplete((session, problem) -> {
                    if (problem != null) {
                        result.completeExceptionally(problem);
                    } else if (!result.complete(session)) {
                        session.close();
                    }
                });
            }
        });
        return result;
    }

    private void timeOut(CompletableFuture<HttpSession> result, Duration timeout) {
        Runnable cancel = timer.schedule(
                () -> result.completeExceptionally(
                        error(ProxyErrorType.CONNECTION_TIMEOUT, "connecting took too long")),
                timeout);
        result.whenComplete((session, failure) -> cancel.run());
    }

    private CompletionStage<HttpSession> arrive(ConnectOptions options, SessionHandler handler) {
        boolean found = false;
        for (HttpVersion version : options.versions()) {
            MemoryListening listening = ports().find(options.address(), version);
            if (listening != null && listening.options().versions().contains(version)) {
                return connect(options, handler, listening, version);
            }
            found |= listening != null;
        }
        return found
                ? failed(ProxyErrorType.TLS_PROTOCOL_ERROR, "the proxy speaks no version that was offered")
                : failed(ProxyErrorType.CONNECTION_REFUSED, "connection refused");
    }

    private CompletionStage<HttpSession> connect(
            ConnectOptions options, SessionHandler handler, MemoryListening listening, HttpVersion version) {
        ClientAuthentication asked = listening.options().clients();
        TlsIdentity shown = asked == null ? null : options.identity();
        if (asked != null && !isAccepted(asked, shown)) {
            return CompletableFuture.failedFuture(new ClientCertificateException(null));
        }
        InetSocketAddress from = ports().from(provider.clientAddress());
        String name = isAddress(options.serverName()) ? null : options.serverName();
        SessionLimits theirs = listening.options().limits();
        MemorySession server = listening
                .transport()
                .newSession(
                        new SessionInfo(
                                provider.name(),
                                version,
                                null,
                                name,
                                shown == null ? List.of() : shown.chain(),
                                options.address(),
                                from,
                                Duration.ZERO),
                        theirs,
                        listening.handler(),
                        true,
                        options.limits(),
                        true);
        MemorySession client = newSession(
                new SessionInfo(
                        provider.name(), version, null, name, List.of(), from, options.address(), Duration.ZERO),
                options.limits(),
                handler,
                false,
                theirs,
                listening.transport().provider.extendedConnect());
        server.pair(client);
        CompletableFuture<HttpSession> result = new CompletableFuture<>();
        timeOut(result, options.timeout());
        result.whenComplete((session, failure) -> {
            if (failure != null) {
                client.close();
            }
        });
        if (!listening.add(server) || closed) {
            client.close();
            server.close();
        }
        client.gone()
                .thenRun(() -> result.completeExceptionally(
                        error(ProxyErrorType.CONNECTION_TERMINATED, "the proxy closed the connection")));
        server.executor().execute(() -> accept(server, client, result));
        return result;
    }

    private static boolean isAccepted(ClientAuthentication asked, @Nullable TlsIdentity shown) {
        if (shown == null) {
            return !asked.required();
        }
        try {
            X509Certificate[] chain = shown.chain().toArray(new X509Certificate[0]);
            asked.trust()
                    .manager()
                    .checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private static void accept(MemorySession server, MemorySession client, CompletableFuture<HttpSession> result) {
        if (result.isDone()) {
            return;
        }
        server.open();
        client.executor().execute(() -> {
            if (!result.isDone()) {
                client.open();
                result.complete(client);
            }
        });
    }

    private MemorySession newSession(
            SessionInfo info,
            SessionLimits limits,
            SessionHandler handler,
            boolean server,
            SessionLimits peer,
            boolean extendedConnect) {
        int streams = info.version() == HttpVersion.HTTP_1_1 ? 1 : peer.maxStreams();
        MemorySession session = new MemorySession(
                threads.newSerial(),
                timer,
                info,
                limits,
                handler,
                server,
                new MemorySession.Terms(streams, peer.sessionWindow(), provider.maxDatagramSize(), extendedConnect));
        sessions.add(session);
        session.gone().thenRun(() -> sessions.remove(session));
        return session;
    }

    @Override
    public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
        check(options.versions());
        if (options.rawKeys() != null) {
            return CompletableFuture.failedFuture(new RawKeysException("no raw public keys in memory"));
        }
        if (closed) {
            return CompletableFuture.failedFuture(new MasqueException("the transport is closed"));
        }
        MemoryListening listening = new MemoryListening(this, options, handler);
        InetSocketAddress address = ports().bind(options.address(), options.versions(), listening);
        if (address == null) {
            return CompletableFuture.failedFuture(new MasqueException("the port cannot be bound"));
        }
        listening.bound(address);
        listenings.add(listening);
        if (closed) {
            listening.close();
        }
        return CompletableFuture.completedFuture(listening);
    }

    @Override
    public void close() {
        closed = true;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        listenings.forEach(MemoryListening::close);
        sessions.forEach(MemorySession::close);
        if (threads.mayWait()) {
            awaitSessions(deadline);
        }
        timer.close();
        threads.close(deadline);
    }

    private void awaitSessions(long deadline) {
        CompletableFuture<?>[] gone = sessions.stream().map(MemorySession::gone).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(gone).get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // a handler that blocks; it is left to itself
        }
    }

    private void check(Iterable<HttpVersion> versions) {
        for (HttpVersion version : versions) {
            if (!provider.versions().contains(version)) {
                throw new IllegalArgumentException("no " + version.alpn() + " on this transport");
            }
        }
    }

    private static boolean isAddress(String name) {
        try {
            return Target.of(name, 1).address().isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static CompletionStage<HttpSession> failed(ProxyErrorType type, String message) {
        return CompletableFuture.failedFuture(error(type, message));
    }

    private static NextHopException error(ProxyErrorType type, String message) {
        return new NextHopException(type, message, null);
    }
}
