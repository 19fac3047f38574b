package dev.masque.core.memory;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Daemon threads that come as they are needed, or an executor that somebody else owns. Thread-safe. */
final class Threads implements ThreadFactory {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
    private final Executor executor;

    @Nullable private final ExecutorService own;

    Threads(@Nullable Executor given) {
        own = given == null ? Executors.newCachedThreadPool(this) : null;
        executor = own == null ? Objects.requireNonNull(given) : own;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } finally {
                        alive.remove(Thread.currentThread());
                    }
                },
                "masque-memory-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        alive.add(thread);
        return thread;
    }

    Serial newSerial() {
        return new Serial(executor);
    }

    /** Whether the caller may wait for tasks: not if it is one, or runs them. */
    boolean mayWait() {
        return own != null && !alive.contains(Thread.currentThread());
    }

    /** Ends the threads, after what waits; a moment is spent on waiting for that. */
    void close(long deadline) {
        if (own == null) {
            return;
        }
        own.shutdown();
        if (!mayWait()) {
            return;
        }
        for (Thread thread : alive) {
            try {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis > 0) {
                    thread.join(millis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
