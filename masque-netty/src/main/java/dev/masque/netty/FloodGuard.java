package dev.masque.netty;

/** Counts events in windows of time and says when there are too many. For one thread. */
final class FloodGuard {
    private final int limit;
    private final long windowNanos;
    private long windowStart;
    private int count;

    FloodGuard(int limit, long windowNanos) {
        this.limit = limit;
        this.windowNanos = windowNanos;
    }

    /** Counts one; true if that is more than a window may have. */
    boolean exceeded(long nanoTime) {
        if (count == 0 || nanoTime - windowStart > windowNanos) {
            windowStart = nanoTime;
            count = 0;
        }
        return ++count > limit;
    }
}
