package dev.masque.core.memory;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one at a time and in order, on the threads of another executor. Thread-safe. */
final class Serial implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final Executor threads;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    @Nullable private volatile Thread current;

    Serial(Executor threads) {
        this.threads = threads;
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
            threads.execute(this::runAll);
        } catch (RejectedExecutionException stopped) {
            runAll(); // after the end of the transport nobody else runs
        }
    }

    /** Runs a task now if this is called from inside another one, else soon. */
    void run(Runnable task) {
        if (isCurrent()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Whether the caller is a task of this executor. */
    boolean isCurrent() {
        return current == Thread.currentThread();
    }

    private void runAll() {
        current = Thread.currentThread();
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.debug("a task failed", e);
            }
        }
    }

    @Nullable private Runnable next() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            if (task == null) {
                current = null;
                running = false;
            }
            return task;
        }
    }
}
