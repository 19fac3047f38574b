package dev.masque.examples.interop;

import java.util.concurrent.Executor;

/**
 * A thread for each task. What waits for a peer must not share one: from JDK 25 on {@code CompletableFuture} has a single thread for
 * such tasks on a machine of two processors.
 */
public final class Background {
    /** Starts a thread that does not keep the process alive. */
    public static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "background");
        thread.setDaemon(true);
        thread.start();
    };

    private Background() {}
}
