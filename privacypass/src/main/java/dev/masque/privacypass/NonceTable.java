package dev.masque.privacypass;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * A set of 32-byte nonces in one array, open-addressed with linear probing, 54 to 75 % full once it has grown. The place
 * of a nonce depends on a secret, as clients choose nonces. For one thread at a time.
 */
final class NonceTable {
    private static final int WORDS = 4;
    private static final int SMALLEST = 16;
    private static final double MOST_FULL = 0.75;
    private static final double GROWTH = 1.4;

    private final long[] secret = new long[WORDS + 1];
    private long[] table = new long[SMALLEST * WORDS];
    private int capacity = SMALLEST;
    private int size;
    private boolean hasZero;

    NonceTable(SecureRandom random) {
        for (int i = 0; i < secret.length; i++) {
            secret[i] = random.nextLong() | 1;
        }
    }

    /** Adds a nonce; false if it was there. */
    boolean add(Bytes nonce) {
        ByteBuffer words = nonce.asBuffer();
        return add(words.getLong(0), words.getLong(8), words.getLong(16), words.getLong(24));
    }

    private boolean add(long a, long b, long c, long d) {
        if ((a | b | c | d) == 0) { // what an empty place holds
            boolean first = !hasZero;
            hasZero = true;
            return first;
        }
        if (size >= capacity * MOST_FULL) {
            grow();
        }
        boolean first = put(a, b, c, d);
        if (first) {
            size++;
        }
        return first;
    }

    private boolean put(long a, long b, long c, long d) {
        for (int place = place(a, b, c, d); ; place = place + 1 == capacity ? 0 : place + 1) {
            int at = place * WORDS;
            long w = table[at];
            long x = table[at + 1];
            long y = table[at + 2];
            long z = table[at + 3];
            if ((w | x | y | z) == 0) {
                table[at] = a;
                table[at + 1] = b;
                table[at + 2] = c;
                table[at + 3] = d;
                return true;
            }
            if (w == a && x == b && y == c && z == d) {
                return false;
            }
        }
    }

    private void grow() {
        long[] old = table;
        int larger = Math.min((int) Math.min(capacity * GROWTH, Integer.MAX_VALUE), (Integer.MAX_VALUE - 8) / WORDS);
        if (larger == capacity) {
            throw new IllegalStateException("a stripe that cannot grow");
        }
        table = new long[larger * WORDS];
        capacity = larger;
        for (int at = 0; at < old.length; at += WORDS) {
            if ((old[at] | old[at + 1] | old[at + 2] | old[at + 3]) != 0) {
                put(old[at], old[at + 1], old[at + 2], old[at + 3]);
            }
        }
    }

    private int place(long a, long b, long c, long d) {
        long hash = secret[WORDS];
        hash = mix(hash ^ a, secret[0]);
        hash = mix(hash ^ b, secret[1]);
        hash = mix(hash ^ c, secret[2]);
        hash = mix(hash ^ d, secret[3]);
        return (int) Math.multiplyHigh(hash >>> 1, (long) capacity << 1);
    }

    /** Folds the 128 bits of a product. */
    private static long mix(long value, long secret) {
        return Math.multiplyHigh(value, secret) ^ value * secret;
    }

    int size() {
        return size + (hasZero ? 1 : 0);
    }

    long bytes() {
        return (long) table.length * Long.BYTES;
    }
}
