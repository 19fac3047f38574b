package dev.masque.server.fake;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs tasks on the test's own thread, one at a time, never inside another. */
public final class QueueExecutor implements Executor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;
    private boolean shut;

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (shut) {
                throw new RejectedExecutionException("session is over");
            }
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        for (Runnable next = poll(); next != null; next = poll()) {
            next.run();
        }
    }

    private synchronized Runnable poll() {
        Runnable next = tasks.poll();
        running = next != null;
        return next;
    }

    /** From now on takes no task. */
    public synchronized void shut() {
        shut = true;
    }
}
