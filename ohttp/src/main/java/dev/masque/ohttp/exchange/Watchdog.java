package dev.masque.ohttp.exchange;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends what takes too long. Blocking calls of an exchange cannot be given a time limit; closing what they block on ends them.
 * Has threads of its own, which do not keep the process alive. Thread-safe.
 */
public final class Watchdog implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService workers;

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
        timer.setRemoveOnCancelPolicy(true);
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
        watch.schedule(limit.toNanos());
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

    /** Forgets everything. */
    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdown();
    }

    /** One thing that is watched. Thread-safe. */
    public final class Watch implements AutoCloseable {
        private final Runnable action;
        private volatile long deadline;
        private volatile boolean expired;
        private volatile boolean done;
        private volatile @Nullable Future<?> pending;

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
            done = true;
            Future<?> task = pending;
            if (task != null) {
                task.cancel(false);
            }
        }

        private void schedule(long nanos) {
            try {
                pending = timer.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                expired = true; // closed: nothing is to take any longer
                action.run();
            }
        }

        private void check() {
            long left = deadline - System.nanoTime();
            if (done) {
                return;
            }
            if (left > 0) {
                schedule(left);
                return;
            }
            expired = true;
            workers.execute(action);
        }
    }
}
