package dev.masque.client;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for what blocks: virtual ones where the JVM has them (21 and newer), else ones that are kept for a while. */
final class Workers {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Workers() {}

    static ExecutorService create() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "masque-client-worker-" + COUNT.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
