package dev.masque.client.pool;

import dev.masque.client.event.ClientListener;
import dev.masque.client.event.ConnectFailed;
import dev.masque.client.event.SessionClosed;
import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.thread.Stages;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sessions to one proxy: hands out places for streams, makes another session when none is free, one attempt at a time,
 * and waits longer after each that fails. Sessions that drain or are lost get no new streams. Thread-safe; never blocks.
 */
public final class SessionPool implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Connector connector;
    private final Timer timer;
    private final ClientListener listener;
    private final int maxSessions;
    private final int maxWaiting;
    private final Duration timeout;
    private final Setback pause;
    private final Sessions sessions = new Sessions();

    private final ReentrantLock lock = new ReentrantLock();
    private final IdentityHashMap<HttpSession, PooledSession> known = new IdentityHashMap<>();
    private final List<PooledSession> usable = new ArrayList<>();
    private final Deque<CompletableFuture<PooledSession>> waiting = new ArrayDeque<>();
    private final Attempts attempts = new Attempts();
    private int planned;
    private boolean probing;
    private boolean oneStreamEach;
    private boolean closed;

    /**
     * A pool.
     *
     * @param connector makes sessions
     * @param timer for pauses and time-outs
     * @param clock for pauses
     * @param listener takes what happens
     * @param maxSessions that are open for new streams at once
     * @param maxWaiting callers that wait for a place at once
     * @param timeout how long a caller waits
     */
    public SessionPool(
            Connector connector,
            Timer timer,
            InstantSource clock,
            ClientListener listener,
            int maxSessions,
            int maxWaiting,
            Duration timeout) {
        this.connector = connector;
        this.timer = timer;
        this.listener = listener;
        this.maxSessions = maxSessions;
        this.maxWaiting = maxWaiting;
        this.timeout = timeout;
        this.pause = new Setback(clock, FIRST_PAUSE, LONGEST_PAUSE);
        this.oneStreamEach = connector.speaksHttp1Only();
    }

    /**
     * A place for a stream.
     *
     * @return completes with a session that has room for one stream, to be opened or released; fails with {@link
     *     NextHopException}, or {@link ClosedChannelException} after {@link #close()}. Cancelling it is harmless
     */
    public CompletableFuture<PooledSession> acquire() {
        CompletableFuture<PooledSession> place = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(new ClosedChannelException());
            }
            waiting.removeIf(CompletableFuture::isDone);
            if (waiting.size() >= maxWaiting) {
                return CompletableFuture.failedFuture(new NextHopException(
                        ProxyErrorType.CONNECTION_LIMIT_REACHED, "too many tunnels wait for a session", null));
            }
            waiting.add(place);
        } finally {
            lock.unlock();
        }
        pump();
        if (!place.isDone()) {
            Runnable cancel = timer.after(
                    timeout,
                    () -> place.completeExceptionally(new NextHopException(
                            ProxyErrorType.CONNECTION_TIMEOUT, "no session to the proxy in time", null)));
            place.whenComplete((session, failure) -> cancel.run());
        }
        return place;
    }

    /** Serves who waits, as far as there is room, and sees to it that there will be more. To be called when a stream is over. */
    public void pump() {
        List<Runnable> actions = new ArrayList<>();
        lock.lock();
        try {
            serve(actions);
            plan(actions);
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    private void serve(List<Runnable> actions) {
        while (!waiting.isEmpty()) {
            if (waiting.element().isDone()) {
                waiting.remove();
                continue;
            }
            PooledSession best = best();
            if (best == null) {
                return;
            }
            best.reserved++;
            CompletableFuture<PooledSession> place = waiting.remove();
            actions.add(() -> {
                if (!place.complete(best)) {
                    release(best);
                }
            });
            probe(best, actions);
        }
    }

    @Nullable private PooledSession best() {
        PooledSession best = null;
        for (PooledSession candidate : usable) {
            boolean room = !candidate.draining && candidate.session().availableStreams() > candidate.reserved;
            if (room && (best == null || candidate.rank() < best.rank())) {
                best = candidate;
            }
        }
        return best;
    }

    private void probe(PooledSession best, List<Runnable> actions) {
        if (!probing && planned == 0 && !closed && connector.hasBetterThan(best.session())) {
            probing = true;
            actions.add(() -> {
                CompletableFuture<HttpSession> better = attempts.track(connector.connectBetter(sessions));
                better.whenComplete((session, failure) -> {
                    lock.lock();
                    try {
                        probing = false;
                    } finally {
                        lock.unlock();
                    }
                    if (session != null) {
                        adopt(session, 0);
                    }
                });
            });
        }
    }

    /** One attempt at a time, unless every session carries one stream only: then one for each who waits. */
    private void plan(List<Runnable> actions) {
        int wanted = oneStreamEach ? waiting.size() : Math.min(1, waiting.size());
        int room = maxSessions - (int) usable.stream().filter(s -> !s.draining).count();
        while (!closed && planned < Math.min(wanted, room)) {
            planned++;
            Duration wait = pause.remaining();
            actions.add(wait.isZero() ? this::connect : () -> timer.after(wait, this::connect));
        }
    }

    private void connect() {
        CompletableFuture<HttpSession> attempt = attempts.track(connector.connect(sessions, extra -> adopt(extra, 0)));
        attempt.whenComplete((session, failure) -> {
            if (session != null) {
                adopt(session, 1);
            } else {
                failed(Stages.unwrap(failure));
            }
        });
    }

    /** Takes a session in, and with it out of what is planned: in one step, or who comes between plans another. */
    private void adopt(HttpSession session, int plans) {
        PooledSession pooled;
        boolean broken;
        lock.lock();
        try {
            planned -= plans;
            pooled = closed ? null : known.get(session);
            broken = !closed && pooled == null;
            if (pooled != null) {
                usable.add(pooled);
                oneStreamEach = pooled.opened().version() == HttpVersion.HTTP_1_1;
            }
        } finally {
            lock.unlock();
        }
        if (pooled == null) {
            session.close(); // closed meanwhile, the pool or the session itself
            if (broken) {
                pause.failed();
            }
        } else {
            listener.sessionOpened(pooled.opened());
        }
        pump();
    }

    private void failed(Throwable failure) {
        int inARow = pause.failed();
        List<CompletableFuture<PooledSession>> hopeless = new ArrayList<>();
        lock.lock();
        try {
            planned--;
            while (!waiting.isEmpty()) {
                hopeless.add(waiting.remove());
                if (planned > 0) {
                    break; // the others have attempts of their own
                }
            }
        } finally {
            lock.unlock();
        }
        Optional<ProxyErrorType> type =
                failure instanceof NextHopException hop ? Optional.of(hop.type()) : Optional.empty();
        listener.connectFailed(new ConnectFailed(type, inARow, connector.hop()));
        hopeless.forEach(place -> place.completeExceptionally(failure));
        pump();
    }

    void release(PooledSession session) {
        boolean waited;
        lock.lock();
        try {
            session.reserved--;
            waited = !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
        if (waited) {
            pump();
        }
    }

    void proven() {
        pause.succeeded();
    }

    void drain(PooledSession session) {
        lock.lock();
        try {
            session.draining = true;
        } finally {
            lock.unlock();
        }
        session.session().drain();
        pump();
    }

    /** Takes no more callers, fails those who wait, and lets every session end with its last stream. */
    public void drain() {
        List<CompletableFuture<PooledSession>> late;
        List<HttpSession> all;
        lock.lock();
        try {
            closed = true;
            late = new ArrayList<>(waiting);
            waiting.clear();
            all = new ArrayList<>(known.keySet());
        } finally {
            lock.unlock();
        }
        late.forEach(place -> place.completeExceptionally(new ClosedChannelException()));
        attempts.cancel();
        all.forEach(HttpSession::drain);
    }

    /** Closes every session now. */
    @Override
    public void close() {
        drain();
        List<HttpSession> all;
        lock.lock();
        try {
            all = new ArrayList<>(known.keySet());
        } finally {
            lock.unlock();
        }
        all.forEach(HttpSession::close);
    }

    /** What happens on sessions, those that have lost a race included. */
    private final class Sessions implements SessionHandler {
        @Override
        public void opened(HttpSession session) {
            PooledSession pooled =
                    new PooledSession(session, SessionPool.this, connector.rank(session), connector.hop());
            lock.lock();
            try {
                known.put(session, pooled);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public StreamHandler request(HttpStream stream) {
            throw new IllegalStateException("a request from a proxy");
        }

        @Override
        public void draining(HttpSession session) {
            PooledSession pooled;
            lock.lock();
            try {
                pooled = known.get(session);
            } finally {
                lock.unlock();
            }
            if (pooled != null) {
                drain(pooled);
            }
        }

        @Override
        public void closed(HttpSession session, @Nullable Throwable cause) {
            PooledSession pooled;
            boolean used;
            lock.lock();
            try {
                pooled = known.remove(session);
                used = pooled != null && usable.remove(pooled);
            } finally {
                lock.unlock();
            }
            if (pooled == null || !used) {
                return;
            }
            if (cause != null && !pooled.isProven()) {
                pause.failed(); // connects, and then breaks: no better than one that does not connect
            }
            listener.sessionClosed(new SessionClosed(pooled.opened(), cause != null));
            pump();
        }
    }
}
