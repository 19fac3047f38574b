package dev.masque.kwik;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads that may block: virtual where the JVM has those that do not hold a carrier while they wait for a monitor, as kwik's
 * streams do (JEP 491, Java 24); daemon threads of a pool elsewhere. Stateless.
 */
final class Threads {
    private static final int UNPINNED = 24;

    private Threads() {}

    static boolean areVirtual() {
        return virtualExecutor() != null;
    }

    /** A pool without bound: what runs on it is bounded by the streams that the limits allow. */
    static ExecutorService blocking(String name) {
        MethodHandle virtual = virtualExecutor();
        if (virtual != null) {
            try {
                return (ExecutorService) virtual.invoke();
            } catch (Throwable e) {
                throw new IllegalStateException("virtual threads cannot be made", e);
            }
        }
        return Executors.newCachedThreadPool(daemons(name));
    }

    /** One thread for what is due later; its tasks are short and do not block. */
    static ScheduledExecutorService timer(String name) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons(name));
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Nullable private static MethodHandle virtualExecutor() {
        if (Runtime.version().feature() < UNPINNED) {
            return null;
        }
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
