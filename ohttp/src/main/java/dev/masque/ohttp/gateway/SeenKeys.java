package dev.masque.ohttp.gateway;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What came within the last {@link #REMEMBERED} periods, as one {@code long} each in open addressing: 59 bits of a digest that
 * nobody outside can compute, a bit that is set, and four that say in which period it came. Two things that came look the same
 * once in 2^59 pairs, and what is remembered is never forgotten early. Grows and shrinks with what there is. Thread-safe; of
 * 64 parts each has a lock of its own.
 */
final class SeenKeys {
    /** For how many periods after its own something is remembered. */
    static final int REMEMBERED = 8;

    private static final int PARTS = 64;
    private static final int PART_BITS = 6;
    private static final int LEAST = 16;
    private static final long TAG = 15;
    private static final long USED = 16;
    private static final double FULL = 0.8;
    private static final double ROOMY = 0.5;

    private final byte[] secret = new byte[32];
    private final int capacity;
    private final AtomicInteger count = new AtomicInteger();
    private final Part[] parts = new Part[PARTS];
    private volatile long lastSweep = Long.MIN_VALUE;

    /** What became of one that was added. */
    enum Result {
        NEW,
        SEEN,
        /** It is not known whether it is new and cannot be remembered. */
        NO_ROOM
    }

    SeenKeys(int capacity) {
        this.capacity = capacity;
        new SecureRandom().nextBytes(secret);
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part();
        }
    }

    /** Takes note of something in a period, whose number grows. */
    Result add(ByteBuffer thing, long period) {
        long hash = digest(thing);
        Part part = parts[(int) (hash >>> (Long.SIZE - PART_BITS))];
        Result result = part.add(hash, period);
        if (result == Result.NO_ROOM && lastSweep < period) {
            lastSweep = period;
            for (Part other : parts) {
                other.enter(period);
            }
            return part.add(hash, period);
        }
        return result;
    }

    /** Bytes of memory in tables. */
    long bytes() {
        long bytes = 0;
        for (Part part : parts) {
            bytes += (long) Long.BYTES * part.table.length;
        }
        return bytes;
    }

    private long digest(ByteBuffer thing) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(secret);
            sha256.update(thing);
            return ByteBuffer.wrap(sha256.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private final class Part {
        private final ReentrantLock lock = new ReentrantLock();
        private volatile long[] table = new long[LEAST];
        private int used;
        private long period = Long.MIN_VALUE;

        Result add(long hash, long now) {
            lock.lock();
            try {
                sweep(now);
                long entry = hash & ~(USED | TAG) | USED;
                int at = find(table, entry);
                if (table[at] != 0) {
                    return Result.SEEN;
                }
                if (count.incrementAndGet() > capacity) {
                    count.decrementAndGet();
                    return Result.NO_ROOM;
                }
                table[at] = entry | period & TAG;
                if (++used > FULL * table.length) {
                    rehash(0);
                }
                return Result.NEW;
            } finally {
                lock.unlock();
            }
        }

        void enter(long now) {
            lock.lock();
            try {
                sweep(now);
            } finally {
                lock.unlock();
            }
        }

        /** Forgets what is too old; a clock that goes back changes nothing. */
        private void sweep(long now) {
            if (now > period) {
                if (used > 0) {
                    rehash(now - period);
                }
                period = now;
            }
        }

        /** Into a table that has room, without what would be too old so much later. */
        private void rehash(long later) {
            long[] before = table;
            int live = 0;
            for (long entry : before) {
                live += isLive(entry, later) ? 1 : 0;
            }
            int size = (int) (live / ROOMY);
            long[] after = new long[Math.max(LEAST, size)];
            for (long entry : before) {
                if (isLive(entry, later)) {
                    after[find(after, entry)] = entry;
                }
            }
            table = after;
            count.addAndGet(live - used);
            used = live;
        }

        private boolean isLive(long entry, long later) {
            return entry != 0 && (period - entry & TAG) + later <= REMEMBERED;
        }

        /** Where something is, or a free place for it. */
        private int find(long[] in, long entry) {
            // the part took the first bits; those that follow say where in it, and the period nothing
            int at = (int) Math.multiplyHigh((entry & ~TAG) << PART_BITS >>> 1, 2L * in.length);
            while (in[at] != 0 && ((in[at] ^ entry) & ~TAG) != 0) {
                at = at + 1 == in.length ? 0 : at + 1;
            }
            return at;
        }
    }
}
