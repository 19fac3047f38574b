package dev.masque.client.pool;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread for everything a client does later; its tasks must not block. Thread-safe. */
public final class Timer implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;

    /** Starts without a thread; the first task makes it. */
    public Timer() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "masque-client-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    /**
     * Runs a task later.
     *
     * @param delay how much later; at once if not positive
     * @param task what to run
     * @return cancels it, if it has not run
     */
    public Runnable after(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {}; // closed: nothing happens later any more
        }
    }

    /** Drops all tasks and ends the thread; waits for that, at most a second. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
