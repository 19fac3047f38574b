package dev.masque.core.thread;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads for what must not be done in a transport's own: for what blocks, and for what computes. Thread-safe. */
public final class Workers {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int IDLE_SECONDS = 10;

    private Workers() {}

    /**
     * For tasks that block: as many threads as there are tasks, none of which keeps the process alive. They are virtual where the
     * JVM has such (21 and newer), else kept for a while.
     *
     * @param name what the names of platform threads start with
     * @return an executor, to be shut down by the caller
     */
    public static ExecutorService create(String name) {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return Executors.newCachedThreadPool(daemons(name));
        }
    }

    /**
     * For tasks that compute: as many threads as there are processors, which end when there is nothing to do for some seconds. What
     * is too much is refused with a {@link java.util.concurrent.RejectedExecutionException}.
     *
     * @param name what the names of the threads start with
     * @param waiting how many tasks may wait
     * @return an executor that needs no shutting down, and may be for its threads to end at once
     */
    public static ExecutorService perProcessor(String name, int waiting) {
        int count = Runtime.getRuntime().availableProcessors();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), daemons(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name + "-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
