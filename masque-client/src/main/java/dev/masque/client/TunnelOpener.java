package dev.masque.client;

import dev.masque.client.event.ClientListener;
import dev.masque.client.event.CloseReason;
import dev.masque.client.event.TunnelClosed;
import dev.masque.client.event.TunnelFailed;
import dev.masque.client.event.TunnelKind;
import dev.masque.client.event.TunnelOpened;
import dev.masque.client.pool.PooledSession;
import dev.masque.client.pool.ProxyEndpoint;
import dev.masque.client.pool.SessionPool;
import dev.masque.client.pool.Timer;
import dev.masque.core.ProxyAuthorization;
import dev.masque.core.Target;
import dev.masque.core.fields.CapsuleProtocol;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.NextProxy;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.thread.Stages;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens tunnels on the sessions of a pool, and knows those that are open. Thread-safe; never blocks. */
final class TunnelOpener {
    private static final Duration REFUSAL_GRACE = Duration.ofSeconds(5);

    private final Settings settings;
    private final SessionPool pool;
    private final Timer timer;
    private final Executor executor;
    private final InstantSource clock;
    private final ClientListener listener;
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();

    /** What every request has. */
    record Settings(
            ProxyEndpoint proxy, Credentials credentials, HopFields fields, Duration requestTimeout, HopPlace place) {}

    /** Makes of the tunnel's end what the user gets. */
    interface Wrap<B, T> {
        T wrap(B bridge, HttpStream stream, ResponseHead answer);
    }

    TunnelOpener(
            Settings settings,
            SessionPool pool,
            Timer timer,
            Executor executor,
            InstantSource clock,
            ClientListener listener) {
        this.settings = settings;
        this.pool = pool;
        this.timer = timer;
        this.executor = executor;
        this.clock = clock;
        this.listener = listener;
    }

    /** Requests that are under way and tunnels that are open. */
    Set<Exchange> open() {
        return open;
    }

    /**
     * Opens a tunnel.
     *
     * @param make the tunnel's end, on a stream
     * @param wrap what the user gets of it
     * @return completes when the proxy accepted; fails with {@link TunnelException}. Cancelling it gives the tunnel up
     */
    <B extends Bridge, T> CompletableFuture<T> open(
            TunnelKind kind, Target target, Function<HttpStream, B> make, Wrap<B, T> wrap) {
        return open(kind, target, null, make, wrap);
    }

    /**
     * Opens a tunnel for somebody who has something to say to the proxy.
     *
     * @param said what; null if nothing
     * @param make the tunnel's end, on a stream
     * @param wrap what the user gets of it
     * @return completes when the proxy accepted; fails with {@link TunnelException}. Cancelling it gives the tunnel up
     */
    <B extends Bridge, T> CompletableFuture<T> open(
            TunnelKind kind, Target target, @Nullable NextProxy said, Function<HttpStream, B> make, Wrap<B, T> wrap) {
        Opening<B, T> opening = new Opening<>(kind, target, said, make, wrap);
        opening.authorise(List.of(), Optional.empty());
        return opening.result;
    }

    /** One call to open a tunnel, which may take more than one request. */
    private final class Opening<B extends Bridge, T> {
        private final TunnelKind kind;
        private final Target target;

        @Nullable private final NextProxy said;

        private final Function<HttpStream, B> make;
        private final Wrap<B, T> wrap;
        private final long started = System.nanoTime();
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private boolean refusedBefore;
        private boolean challengedBefore;

        Opening(
                TunnelKind kind,
                Target target,
                @Nullable NextProxy said,
                Function<HttpStream, B> make,
                Wrap<B, T> wrap) {
            this.kind = kind;
            this.target = target;
            this.said = said;
            this.make = make;
            this.wrap = wrap;
        }

        /** Asks for credentials, then for a session. {@code refusal} stands if there are no others than before. */
        void authorise(List<String> challenges, Optional<Refused> refusal) {
            authorization(challenges).whenComplete((value, failure) -> {
                if (value == null) {
                    fail(new TunnelException(TunnelStep.AUTHENTICATE, true, "no credentials", Stages.unwrap(failure)));
                } else if (refusal.isPresent()
                        && (value.isEmpty() || value.equals(refusal.get().sent()))) {
                    fail(refusal.get().exception());
                } else {
                    acquire(value);
                }
            });
        }

        private CompletableFuture<Optional<String>> authorization(List<String> challenges) {
            CredentialsRequest request = new CredentialsRequest(kind, settings.proxy.address(), challenges);
            if (settings.credentials instanceof FixedCredentials fixed) {
                return CompletableFuture.completedFuture(fixed.authorization(request));
            }
            CompletableFuture<Optional<String>> value = new CompletableFuture<>();
            try {
                executor.execute(() -> {
                    try {
                        value.complete(settings.credentials.authorization(request));
                    } catch (IOException | RuntimeException e) {
                        value.completeExceptionally(e);
                    }
                });
            } catch (RejectedExecutionException e) {
                value.completeExceptionally(e);
            }
            return value;
        }

        private void acquire(Optional<String> authorization) {
            CompletableFuture<PooledSession> place = pool.acquire();
            result.whenComplete((tunnel, failure) -> place.cancel(false));
            place.whenComplete((session, failure) -> {
                if (session == null) {
                    fail(Answers.failed(Stages.unwrap(failure)));
                } else {
                    settings.fields.ready().thenRun(() -> {
                        if (result.isDone()) {
                            session.release();
                        } else {
                            request(session, authorization);
                        }
                    });
                }
            });
        }

        private void request(PooledSession session, Optional<String> authorization) {
            RequestHead head;
            try {
                head = head(authorization);
            } catch (IllegalArgumentException e) {
                session.release(); // without the cause: its message may hold the value
                fail(new TunnelException(TunnelStep.AUTHENTICATE, false, "credentials are no field value", null));
                return;
            }
            if (kind == TunnelKind.UDP && !session.session().supportsExtendedConnect()) {
                session.release();
                fail(new TunnelException(
                        TunnelStep.REQUEST, false, "the proxy does not take extended CONNECT, and so no UDP", null));
                return;
            }
            Sent<B> sent = new Sent<>();
            // what is heard early may have been on its way for long
            long late = System.nanoTime() + settings.requestTimeout.toNanos() / 2;
            HttpStream stream = session.open(head, opened -> {
                B bridge = make.apply(opened);
                Exchange exchange = new Exchange(opened, session, bridge, this::over);
                sent.bridge = bridge;
                sent.exchange = exchange;
                open.add(exchange);
                return exchange;
            });
            Exchange exchange = Objects.requireNonNull(sent.exchange);
            B bridge = Objects.requireNonNull(sent.bridge);
            Runnable cancel = timer.after(settings.requestTimeout, () -> {
                if (!result.isDone()) {
                    session.suspectIfSilentSince(late); // first: who hears of the failure tries again at once
                    fail(Answers.failed(new TimeoutException()));
                }
            });
            result.whenComplete((tunnel, failure) -> {
                cancel.run();
                if (failure != null && !exchange.answer().isDone()) {
                    stream.reset(ResetReason.CANCEL);
                }
            });
            exchange.answer().whenComplete((answer, failure) -> {
                if (answer != null && said != null) {
                    said.answered(answer);
                }
                if (answer == null) {
                    unanswered(Stages.unwrap(failure), authorization);
                } else if (answer.isSuccess()) {
                    accepted(session, exchange, bridge, answer);
                } else {
                    refused(exchange, answer, authorization);
                }
            });
        }

        private RequestHead head(Optional<String> authorization) {
            HeaderFields.Builder fields = HeaderFields.builder();
            authorization.ifPresent(value -> fields.add(ProxyAuthorization.NAME, value));
            if (kind == TunnelKind.UDP) {
                fields.add(CapsuleProtocol.NAME, CapsuleProtocol.VALUE); // RFC 9298, 3.4
            }
            fields.addAll(said == null ? settings.fields.current() : settings.fields.with(said.fields()));
            ProxyEndpoint proxy = settings.proxy;
            return kind == TunnelKind.TCP
                    ? RequestHead.connect(target.authority(), fields.build())
                    : RequestHead.connectUdp(proxy.authority(), proxy.template().expand(target), fields.build());
        }

        private void accepted(PooledSession session, Exchange exchange, B bridge, ResponseHead answer) {
            TunnelOpened event = new TunnelOpened(kind, session.session().info().version(), since(started));
            exchange.opened(event);
            listener.tunnelOpened(event);
            if (!result.complete(wrap.wrap(bridge, exchange.stream(), answer))) {
                bridge.abort();
            }
        }

        private void refused(Exchange exchange, ResponseHead answer, Optional<String> authorization) {
            Runnable reset = timer.after(REFUSAL_GRACE, () -> exchange.stream().reset(ResetReason.CANCEL));
            exchange.over().thenRun(reset);
            TunnelException refusal = Answers.refused(answer, clock.instant());
            if (refusal instanceof AuthenticationException challenge && !challengedBefore) {
                challengedBefore = true;
                authorise(challenge.challenges(), Optional.of(new Refused(challenge, authorization)));
            } else {
                fail(refusal);
            }
        }

        /** A refused stream was not looked at (RFC 9113, 8.7): asking again is safe. Once, so that it ends. */
        private void unanswered(Throwable failure, Optional<String> authorization) {
            boolean safe = failure instanceof UnansweredException gone && gone.reason() == ResetReason.REFUSED;
            if (safe && !refusedBefore && !result.isDone()) {
                refusedBefore = true;
                acquire(authorization);
            } else {
                fail(Answers.failed(failure));
            }
        }

        private boolean fail(TunnelException unnamed) {
            TunnelException failure = settings.place.name(unnamed);
            boolean first = result.completeExceptionally(failure);
            if (first) {
                listener.tunnelFailed(new TunnelFailed(kind, failure.status(), failure.proxyError(), since(started)));
            }
            return first;
        }

        private void over(Exchange exchange, @Nullable StreamFailure failure) {
            open.remove(exchange);
            exchange.openedAs().ifPresent(event -> listener.tunnelClosed(closed(exchange, event, failure)));
            pool.pump();
        }

        private TunnelClosed closed(Exchange exchange, TunnelOpened event, @Nullable StreamFailure failure) {
            Duration whole = since(started).minus(event.setup());
            Bridge bridge = exchange.bridge();
            return new TunnelClosed(event, bridge.sent(), bridge.received(), whole, reason(failure));
        }
    }

    /** A refusal, and the credentials that it is about. */
    private record Refused(AuthenticationException exception, Optional<String> sent) {}

    /** What the factory of a stream's handler made. */
    private static final class Sent<B> {
        @Nullable private B bridge;

        @Nullable private Exchange exchange;
    }

    private static CloseReason reason(@Nullable StreamFailure failure) {
        if (failure == null) {
            return CloseReason.COMPLETED;
        }
        if (failure.reason() == ResetReason.SESSION_LOST) {
            return CloseReason.SESSION_LOST;
        }
        return failure.remote() ? CloseReason.REMOTE_RESET : CloseReason.LOCAL_RESET;
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
