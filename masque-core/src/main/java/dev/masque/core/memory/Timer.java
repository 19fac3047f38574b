package dev.masque.core.memory;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs tasks later, on one thread that exists once there is something to wait for. Thread-safe. */
final class Timer {
    private final ScheduledThreadPoolExecutor executor;

    Timer(Threads threads) {
        executor = new ScheduledThreadPoolExecutor(1, threads);
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Returns what cancels the task. */
    Runnable schedule(Runnable task, Duration delay) {
        try {
            var scheduled = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException stopped) {
            return () -> {};
        }
    }

    void close() {
        executor.shutdownNow();
    }
}
