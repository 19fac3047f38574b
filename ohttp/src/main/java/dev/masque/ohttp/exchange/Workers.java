package dev.masque.ohttp.exchange;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for what blocks: virtual ones where the JVM has them (21 and newer), else ones that are kept for a while. */
public final class Workers {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Workers() {}

    /**
     * As many threads as there are tasks, none of which keeps the process alive.
     *
     * @param name what the names of platform threads start with
     * @return an executor, to be shut down by the caller
     */
    public static ExecutorService create(String name) {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, name + "-" + COUNT.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
