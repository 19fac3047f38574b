package dev.masque.netty;

import java.util.concurrent.TimeUnit;

/**
 * Which datagrams of a queue are dropped, RFC 8289, so that bursts find room and a queue that stands gets shorter: one now and
 * then, more often as long as that does not help. Asked for each that leaves, and again for the next when one is dropped. Not
 * thread-safe.
 */
final class CoDel {
    /** What a datagram may wait for as long as it takes. */
    static final long TARGET_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** For how long they may wait longer: a round trip, and a long one. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** In how many intervals what has helped is still true. */
    private static final int MEMORY = 16;

    private boolean above;
    private long aboveUntil;
    private boolean dropping;
    private long dropNext;
    private int count;
    private int countBefore;

    /**
     * Whether to drop the next datagram.
     *
     * @param waited how long it has
     * @param last whether no other waits
     * @param now nanoseconds of any clock
     */
    boolean drops(long waited, boolean last, long now) {
        if (waited < TARGET_NANOS || last) {
            above = false;
            dropping = false;
            return false;
        }
        if (!above) {
            above = true;
            aboveUntil = now + INTERVAL_NANOS;
        }
        if (dropping) {
            return now - dropNext >= 0 && drop(count + 1, dropNext);
        }
        if (now - aboveUntil < 0) {
            return false;
        }
        dropping = true;
        int sinceBefore = count - countBefore;
        boolean again = sinceBefore > 1 && now - dropNext < MEMORY * INTERVAL_NANOS;
        countBefore = again ? sinceBefore : 1;
        return drop(countBefore, now);
    }

    private boolean drop(int which, long since) {
        count = which;
        dropNext = since + (long) (INTERVAL_NANOS / Math.sqrt(which));
        return true;
    }
}
