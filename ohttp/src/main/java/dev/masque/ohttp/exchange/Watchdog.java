package dev.masque.ohttp.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends what takes too long. Blocking calls of an exchange cannot be given a time limit; closing what they block on ends them.
 * Has threads of its own, which do not keep the process alive. Thread-safe.
 *
 * <p>Its thread sleeps until the earliest of the deadlines that it knew when it looked last, and looks at all of them then: to watch
 * something that ends later wakes nobody, and nor does to have done with it.
 */
public final class Watchdog implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService workers;
    private final Set<Watch> watched = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Look> next = new AtomicReference<>();

    /** When it will look. */
    private record Look(long at) {}

    /**
     * A watchdog that watches nothing yet.
     *
     * @param name of its thread
     */
    public Watchdog(String name) {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        workers = Workers.create(name);
    }

    /**
     * Watches something.
     *
     * @param limit how long it may take
     * @param action what ends it; in a thread of its own
     * @return to be closed when it is done
     */
    public Watch watch(Duration limit, Runnable action) {
        Watch watch = new Watch(action, System.nanoTime() + limit.toNanos());
        watched.add(watch);
        if (!lookAt(watch.deadline)) {
            watched.remove(watch);
            watch.expired = true; // closed: nothing is to take any longer
            action.run();
        }
        return watch;
    }

    /**
     * Does something from time to time, until this is closed.
     *
     * @param period how often
     * @param action must not throw or block for long
     */
    public void every(Duration period, Runnable action) {
        timer.scheduleWithFixedDelay(action, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Looks then, unless it does so before; false when closed. */
    private boolean lookAt(long then) {
        Look planned = next.get();
        while (planned == null || then - planned.at() < 0) {
            if (next.compareAndSet(planned, new Look(then))) {
                try {
                    timer.schedule(this::look, then - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (RejectedExecutionException e) {
                    next.set(null);
                    return false;
                }
                return true;
            }
            planned = next.get();
        }
        return !timer.isShutdown();
    }

    private void look() {
        next.set(null); // before it looks: what is watched from now on asks for another
        long now = System.nanoTime();
        boolean last = timer.isShutdown();
        Watch earliest = null;
        for (Watch watch : List.copyOf(watched)) {
            if (last || watch.deadline - now <= 0) {
                if (watched.remove(watch)) {
                    watch.expired = true;
                    try {
                        workers.execute(watch.action);
                    } catch (RejectedExecutionException e) { // closed, and the last of the others has just ended
                        watch.action.run();
                    }
                }
            } else if (earliest == null || watch.deadline - earliest.deadline < 0) {
                earliest = watch;
            }
        }
        if (earliest != null && !lookAt(earliest.deadline)) {
            look(); // closed meanwhile
        }
        endIfIdle();
    }

    /** Ends what is still watched when it looks next, and at once what is to be watched from now on. */
    @Override
    public void close() {
        timer.shutdown();
        endIfIdle();
    }

    /** Closed and with nothing left to watch it needs no threads: looks that are still planned would keep one. */
    private void endIfIdle() {
        if (timer.isShutdown() && watched.isEmpty()) {
            timer.shutdownNow();
            workers.shutdown();
        }
    }

    /** One thing that is watched. Thread-safe. */
    public final class Watch implements AutoCloseable {
        private final Runnable action;
        private volatile long deadline;
        private volatile boolean expired;

        private Watch(Runnable action, long deadline) {
            this.action = action;
            this.deadline = deadline;
        }

        /**
         * Puts the end off.
         *
         * @param limit how long it may take from now
         */
        public void extend(Duration limit) {
            deadline = System.nanoTime() + limit.toNanos();
        }

        /**
         * Whether the time was over before it was done.
         *
         * @return true if it was ended
         */
        public boolean expired() {
            return expired;
        }

        /** It is done. */
        @Override
        public void close() {
            watched.remove(this);
            endIfIdle();
        }
    }
}
