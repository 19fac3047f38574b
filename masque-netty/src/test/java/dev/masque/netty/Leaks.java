package dev.masque.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Netty's leak detector, named to it by the build; remembers what it has found. Thread-safe. */
public final class Leaks<T> extends ResourceLeakDetector<T> {
    private static final List<String> FOUND = new CopyOnWriteArrayList<>();
    private static final AtomicBoolean ASKED = new AtomicBoolean();

    /** Made by Netty. */
    public Leaks(Class<?> type, int samplingInterval) {
        super(type, samplingInterval);
        ASKED.set(true);
    }

    /** Made by Netty. */
    @SuppressWarnings("deprecation") // it looks for this one
    public Leaks(Class<?> type, int samplingInterval, long maxActive) {
        super(type, samplingInterval, maxActive);
        ASKED.set(true);
    }

    /** What has leaked until now: that is told when a buffer is made after the garbage was collected. */
    static List<String> found() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(20);
            for (int k = 0; k < 100; k++) {
                ByteBufAllocator.DEFAULT.buffer(16).release();
                ByteBufAllocator.DEFAULT.directBuffer(16).release();
            }
        }
        return ASKED.get() ? List.copyOf(FOUND) : List.of("Netty has a detector of its own");
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        FOUND.add(resourceType + records);
        super.reportTracedLeak(resourceType, records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        FOUND.add(resourceType);
        super.reportUntracedLeak(resourceType);
    }
}
