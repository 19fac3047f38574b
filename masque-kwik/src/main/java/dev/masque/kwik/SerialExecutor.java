package dev.masque.kwik;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one at a time, in order, on threads of a pool. Thread-safe. */
final class SerialExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

    private final Executor pool;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    @SuppressWarnings("ThreadSafe")
    private volatile Thread thread = NOBODY;

    private static final Thread NOBODY = new Thread(() -> {}, "nobody");

    SerialExecutor(Executor pool) {
        this.pool = pool;
    }

    /** Whether the caller is a task of this executor. */
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            pool.execute(this::run);
        } catch (RejectedExecutionException closed) {
            run(); // the transport is closed: nobody else runs the last callbacks
        }
    }

    private void run() {
        thread = Thread.currentThread();
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.debug("a task failed", e);
            }
        }
    }

    private @org.jspecify.annotations.Nullable Runnable next() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            if (task == null) {
                thread = NOBODY;
                running = false;
            }
            return task;
        }
    }
}
