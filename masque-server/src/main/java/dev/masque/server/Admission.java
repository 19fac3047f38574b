package dev.masque.server;

import dev.masque.core.ProxyErrorType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds how many tunnels there are, before anything is spent on one more. Thread-safe. */
final class Admission {
    private final int most;
    private final int mostPerConnection;
    private final AtomicInteger all = new AtomicInteger();
    private volatile boolean draining;

    Admission(int most, int mostPerConnection) {
        this.most = most;
        this.mostPerConnection = mostPerConnection;
    }

    /** Takes a place, to be given back once by {@link Place#release}. */
    Place enter(ClientConnection connection) throws RefusedException {
        if (draining) {
            throw new RefusedException(Refusal.busy(ProxyErrorType.DESTINATION_UNAVAILABLE, "proxy is shutting down"));
        }
        if (!take(all, most)) {
            throw new RefusedException(
                    Refusal.busy(ProxyErrorType.CONNECTION_LIMIT_REACHED, "too many tunnels on this proxy"));
        }
        if (!take(connection.tunnels(), mostPerConnection)) {
            all.decrementAndGet();
            throw new RefusedException(
                    Refusal.busy(ProxyErrorType.CONNECTION_LIMIT_REACHED, "too many tunnels on this connection"));
        }
        return new Place(all, connection.tunnels());
    }

    private static boolean take(AtomicInteger counter, int most) {
        if (counter.incrementAndGet() <= most) {
            return true;
        }
        counter.decrementAndGet();
        return false;
    }

    void drain() {
        draining = true;
    }

    /** Waits until every place is given back; true if that came in time. */
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (all) {
            while (all.get() > 0) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                all.wait(left);
            }
            return true;
        }
    }

    /** One tunnel's place. */
    static final class Place extends AtomicBoolean {
        private static final long serialVersionUID = 1L;

        private final AtomicInteger all;
        private final AtomicInteger connection;

        Place(AtomicInteger all, AtomicInteger connection) {
            this.all = all;
            this.connection = connection;
        }

        void release() {
            if (compareAndSet(false, true)) {
                connection.decrementAndGet();
                if (all.decrementAndGet() == 0) {
                    synchronized (all) {
                        all.notifyAll();
                    }
                }
            }
        }
    }
}
