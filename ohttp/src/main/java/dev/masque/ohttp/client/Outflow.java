package dev.masque.ohttp.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The lower half of a stage between two reactive streams: hands on items as they are asked for, and asks above for one more when
 * there is nothing left to hand on. Thread-safe; the subscriber is called by one thread at a time.
 */
final class Outflow<T> implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final Runnable more;
    private final Runnable stop;
    private final Queue<T> items = new ConcurrentLinkedQueue<>();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;
    private volatile boolean over;

    /** {@code more} asks above for an item, after which {@link #received} has to be called; {@code stop} cancels. */
    Outflow(Flow.Subscriber<? super T> subscriber, Runnable more, Runnable stop) {
        this.subscriber = subscriber;
        this.more = more;
        this.stop = stop;
    }

    void offer(T item) {
        items.add(item);
    }

    /** What was asked for has come, and what came of it was offered. */
    void received() {
        asked.set(false);
        drain();
    }

    void end() {
        ended = true;
        drain();
    }

    void fail(Throwable cause) {
        failure = cause;
        drain();
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            cancelWith(new IllegalArgumentException("a request for nothing"));
            return;
        }
        demand.accumulateAndGet(count, (have, add) -> have + add < 0 ? Long.MAX_VALUE : have + add);
        drain();
    }

    /** Stops what is above and fails what is below. */
    void cancelWith(Throwable cause) {
        stop.run();
        fail(cause);
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            stop.run();
        }
    }

    private void drain() {
        if (rounds.getAndIncrement() != 0) {
            return; // whoever is at it takes another round
        }
        boolean ask = false;
        int seen = 1;
        do {
            ask |= round();
            seen = rounds.addAndGet(-seen);
        } while (seen != 0);
        if (ask) {
            more.run(); // out of the rounds, which what comes of it needs
        }
    }

    /** Whether to ask above. */
    private boolean round() {
        while (!over) {
            Throwable cause = failure;
            boolean last = ended;
            if (cause != null) {
                over = true;
                subscriber.onError(cause);
            } else if (demand.get() > 0 && !items.isEmpty()) {
                T item = items.remove();
                if (demand.get() != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                subscriber.onNext(item);
            } else if (last && items.isEmpty()) {
                over = true;
                subscriber.onComplete();
            } else {
                return demand.get() > 0 && !last && asked.compareAndSet(false, true);
            }
        }
        items.clear();
        return false;
    }
}
