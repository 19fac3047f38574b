package dev.masque.client.pool;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.thread.Stages;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.TlsIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions to a proxy: resolves its name, races its addresses (RFC 8305) and the versions of HTTP. Remembers that
 * HTTP/3 did not work where another version did, and leaves it out for a while. Thread-safe.
 */
public final class Connector {
    private static final Duration BETWEEN_ADDRESSES = Duration.ofMillis(250); // RFC 8305, 5
    private static final Duration FIRST_SETBACK = Duration.ofMinutes(1);
    private static final Duration LONGEST_SETBACK = Duration.ofMinutes(30);
    private static final int MAX_ADDRESSES = 16;

    /**
     * How to connect. Immutable.
     *
     * @param proxy where to
     * @param routes by what, best first
     * @param trust decides on the proxy's certificate
     * @param identity what to show to a proxy that asks for a certificate, or null
     * @param rawKeys how the proxy is known by raw public keys, asked for each connection; null if by a certificate
     * @param limits what a session may cost
     * @param timeout for everything together
     * @param headStart how much later each route starts than the one before
     * @param hop which proxy of a chain it is, 1 for the first
     * @param network the tunnels that lead to the proxy, which also resolve its name; null without such
     */
    public record Settings(
            ProxyEndpoint proxy,
            List<Route> routes,
            X509ExtendedTrustManager trust,
            @Nullable Supplier<TlsIdentity> identity,
            @Nullable Supplier<RawKeyClient> rawKeys,
            SessionLimits limits,
            Duration timeout,
            Duration headStart,
            int hop,
            @Nullable Network network) {}

    private final Settings settings;
    private final Transports transports;
    private final Resolver resolver;
    private final Timer timer;
    private final Setback quicSetback;
    private final AtomicInteger quicAttempts = new AtomicInteger();

    /**
     * A connector.
     *
     * @param settings how to connect
     * @param transports makes the connections
     * @param resolver finds the proxy's addresses
     * @param timer for time-outs and head starts
     * @param clock for how long HTTP/3 is left out
     */
    public Connector(Settings settings, Transports transports, Resolver resolver, Timer timer, InstantSource clock) {
        this.settings = settings;
        this.transports = transports;
        this.resolver = resolver;
        this.timer = timer;
        this.quicSetback = new Setback(clock, FIRST_SETBACK, LONGEST_SETBACK);
    }

    /**
     * Connects by the best route that works.
     *
     * @param handler takes what happens on all sessions, also on those that lose the race
     * @param late takes a session over a better route than that of the winner that stands only after it
     * @return completes with a session; fails with {@link NextHopException}. Cancelling it stops everything
     */
    CompletableFuture<HttpSession> connect(SessionHandler handler, Consumer<HttpSession> late) {
        List<Route> routes = settings.routes;
        if (routes.size() > 1 && !quicSetback.isOver()) {
            routes = routes.stream().filter(route -> !route.isQuic()).toList();
        }
        return connect(routes, handler, late);
    }

    /** Whether sessions of that kind are second best, and the better is worth an attempt now. */
    boolean hasBetterThan(HttpSession session) {
        return settings.routes.size() > 1
                && settings.routes.get(0).isQuic()
                && rank(session) > 0
                && quicAttempts.get() == 0
                && quicSetback.isOver();
    }

    boolean speaksHttp1Only() {
        return settings.routes.stream().allMatch(route -> route.versions().equals(List.of(HttpVersion.HTTP_1_1)));
    }

    /** Connects by the best route alone. */
    CompletableFuture<HttpSession> connectBetter(SessionHandler handler) {
        CompletableFuture<HttpSession> better = connect(settings.routes.subList(0, 1), handler, HttpSession::close);
        better.whenComplete((session, failure) -> {
            if (session == null && !better.isCancelled()) {
                quicSetback.failed();
            }
        });
        return better;
    }

    /** 0 for sessions over the best route, more for others. */
    int rank(HttpSession session) {
        for (int i = 0; i < settings.routes.size(); i++) {
            if (settings.routes.get(i).versions().contains(session.info().version())) {
                return i;
            }
        }
        return settings.routes.size();
    }

    private CompletableFuture<HttpSession> connect(
            List<Route> routes, SessionHandler handler, Consumer<HttpSession> late) {
        long deadline = System.nanoTime() + settings.timeout.toNanos();
        CompletableFuture<HttpSession> result = new CompletableFuture<>();
        Runnable timeout = timer.after(
                settings.timeout,
                () -> result.completeExceptionally(new NextHopException(
                        ProxyErrorType.CONNECTION_TIMEOUT, "connecting to the proxy took too long", null)));
        addresses().whenComplete((addresses, failure) -> {
            if (addresses == null) {
                result.completeExceptionally(Stages.unwrap(failure));
            } else if (!result.isDone()) {
                race(routes, addresses, deadline, handler, late, result);
            }
        });
        result.whenComplete((session, failure) -> timeout.run());
        return result;
    }

    private void race(
            List<Route> routes,
            List<InetSocketAddress> addresses,
            long deadline,
            SessionHandler handler,
            Consumer<HttpSession> late,
            CompletableFuture<HttpSession> result) {
        QuicMemory memory = new QuicMemory();
        List<Supplier<CompletionStage<HttpSession>>> attempts = new ArrayList<>(routes.size());
        for (Route route : routes) {
            attempts.add(() -> {
                CompletableFuture<HttpSession> made = dial(route, addresses, deadline, handler);
                if (route.isQuic()) {
                    memory.watch(made);
                }
                return made;
            });
        }
        CompletableFuture<HttpSession> won =
                new Race<>(attempts, settings.headStart, timer, HttpSession::close, late).start();
        won.whenComplete((session, failure) -> {
            if (session == null) {
                result.completeExceptionally(Objects.requireNonNull(failure));
                return;
            }
            memory.anotherWorks(session);
            if (!result.complete(session)) {
                session.close();
            }
        });
        result.whenComplete((session, failure) -> {
            if (failure != null) {
                won.cancel(true);
            }
        });
    }

    /** HTTP/3 is blocked where it fails and another version does not; when all fail nothing is known. */
    private final class QuicMemory {
        private boolean failed;
        private boolean otherWorks;

        void watch(CompletableFuture<HttpSession> quic) {
            quicAttempts.incrementAndGet();
            quic.whenComplete((session, failure) -> {
                quicAttempts.decrementAndGet();
                if (session != null) {
                    quicSetback.succeeded();
                } else if (!quic.isCancelled()) {
                    learn(true, false);
                }
            });
        }

        void anotherWorks(HttpSession session) {
            learn(false, session.info().version() != HttpVersion.HTTP_3);
        }

        private synchronized void learn(boolean quicFailed, boolean other) {
            boolean known = failed && otherWorks;
            failed |= quicFailed;
            otherWorks |= other;
            if (!known && failed && otherWorks) {
                quicSetback.failed();
            }
        }
    }

    private CompletableFuture<HttpSession> dial(
            Route route, List<InetSocketAddress> addresses, long deadline, SessionHandler handler) {
        List<Supplier<CompletionStage<HttpSession>>> attempts = new ArrayList<>(addresses.size());
        for (InetSocketAddress address : addresses) {
            attempts.add(() -> transports.get(route.provider()).connect(options(route, address, deadline), handler));
        }
        CompletableFuture<HttpSession> made =
                new Race<HttpSession>(attempts, BETWEEN_ADDRESSES, timer, HttpSession::close, null).start();
        Runnable timeout = timer.after(
                Duration.ofNanos(deadline - System.nanoTime()),
                () -> made.completeExceptionally(new NextHopException(
                        ProxyErrorType.CONNECTION_TIMEOUT, "the proxy did not answer in time", null)));
        made.whenComplete((session, failure) -> timeout.run());
        return made;
    }

    private ConnectOptions options(Route route, InetSocketAddress address, long deadline) {
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        return new ConnectOptions(
                address,
                settings.proxy.address().host(),
                route.versions(),
                settings.trust,
                settings.identity == null ? null : settings.identity.get(),
                left,
                settings.limits,
                settings.network,
                settings.rawKeys == null ? null : settings.rawKeys.get());
    }

    private CompletionStage<List<InetSocketAddress>> addresses() {
        String host = settings.proxy.address().host();
        int port = settings.proxy.address().port();
        InetAddress literal = settings.proxy.address().address().orElse(null);
        if (literal != null) {
            return CompletableFuture.completedFuture(List.of(new InetSocketAddress(literal, port)));
        }
        if (settings.network != null) {
            return CompletableFuture.completedFuture(List.of(InetSocketAddress.createUnresolved(host, port)));
        }
        return resolver.resolve(host)
                .thenApply(found -> AddressOrder.of(found).stream()
                        .limit(MAX_ADDRESSES)
                        .map(address -> new InetSocketAddress(address, port))
                        .toList());
    }

    int hop() {
        return settings.hop;
    }
}
