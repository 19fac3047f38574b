package dev.masque.privacypass;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Used tokens in primitive arrays: one generation for each key, thrown away as a whole. Thread-safe. */
final class MemorySpentTokens implements SpentTokens {
    private static final int STRIPES = 64;

    /** More generations than any set of keys has: whoever adds keys without end is stopped. */
    private static final int MOST_GENERATIONS = 4096;

    private final Map<Bytes, Generation> generations = new ConcurrentHashMap<>();
    private final AtomicLong size = new AtomicLong();
    private final long most;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    MemorySpentTokens(long most, Clock clock) {
        if (most < 1) {
            throw new IllegalArgumentException("most tokens: " + most);
        }
        this.most = most;
        this.clock = clock;
    }

    @Override
    public boolean spend(Bytes keyId, Bytes nonce, Instant until) throws SpentTokensUnavailableException {
        Generation generation = generations.get(keyId);
        if (generation == null) {
            forgetExpired();
            if (generations.size() >= MOST_GENERATIONS) {
                throw new SpentTokensUnavailableException("too many keys");
            }
            generation = generations.computeIfAbsent(keyId, id -> new Generation(until, random));
        }
        if (generation.until.isBefore(until)) {
            generation.until = until; // the time of a key can be put off
        }
        if (size.incrementAndGet() > most) {
            forgetExpired();
            if (size.get() > most) {
                size.decrementAndGet();
                throw new SpentTokensUnavailableException("no room for another used token");
            }
        }
        boolean first = generation.add(nonce);
        if (!first) {
            size.decrementAndGet();
        }
        return first;
    }

    /** How many tokens are remembered. */
    long size() {
        return size.get();
    }

    /** How many bytes the tables take. */
    long bytes() {
        return generations.values().stream().mapToLong(Generation::bytes).sum();
    }

    private void forgetExpired() {
        Instant now = clock.instant();
        generations.forEach((keyId, generation) -> {
            if (generation.until.isBefore(now) && generations.remove(keyId, generation)) {
                size.addAndGet(-generation.size());
            }
        });
    }

    /** The used tokens of one key, in stripes with a lock each. */
    private static final class Generation {
        volatile Instant until;
        private final long secret;
        private final NonceTable[] stripes = new NonceTable[STRIPES];

        Generation(Instant until, SecureRandom random) {
            this.until = until;
            this.secret = random.nextLong() | 1;
            for (int i = 0; i < STRIPES; i++) {
                stripes[i] = new NonceTable(random);
            }
        }

        boolean add(Bytes nonce) {
            NonceTable stripe = stripes[(int) (nonce.asBuffer().getLong() * secret >>> 58)]; // one of 64
            synchronized (stripe) {
                return stripe.add(nonce);
            }
        }

        long size() {
            long size = 0;
            for (NonceTable stripe : stripes) {
                synchronized (stripe) {
                    size += stripe.size();
                }
            }
            return size;
        }

        long bytes() {
            long bytes = 0;
            for (NonceTable stripe : stripes) {
                synchronized (stripe) {
                    bytes += stripe.bytes();
                }
            }
            return bytes;
        }
    }
}
