package dev.masque.netty;

import java.util.concurrent.atomic.AtomicInteger;

/** How many streams a client has given away that are not over, against the peer's SETTINGS_MAX_CONCURRENT_STREAMS. Thread-safe. */
final class H2Places {
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int limit = Integer.MAX_VALUE;

    void limit(long streams) {
        limit = (int) Math.min(streams, Integer.MAX_VALUE);
    }

    /** Returns false if none is free. */
    boolean take() {
        for (int now = taken.get(); now < limit; now = taken.get()) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    int free() {
        return Math.max(0, limit - taken.get());
    }

    boolean areAllFree() {
        return taken.get() == 0;
    }
}
