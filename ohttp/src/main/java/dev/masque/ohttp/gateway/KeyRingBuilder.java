package dev.masque.ohttp.gateway;

import dev.masque.ohttp.KeyType;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes a {@link KeyRing}. For one thread. */
public final class KeyRingBuilder {
    private static final Duration DEFAULT_CACHE = Duration.ofHours(1);

    @Nullable KeyStore store;

    List<KeyType> types = List.of(KeyType.X25519);
    Duration period = Duration.ofDays(7);
    Duration overlap = Duration.ofDays(1);
    Duration cacheFor = DEFAULT_CACHE;
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();

    KeyRingBuilder() {}

    /**
     * Where keys are kept, so that they outlast the process. Without it they are in memory only.
     *
     * @param file read and written by its owner alone; made if it is not there
     * @return this
     */
    public KeyRingBuilder store(Path file) {
        this.store = new KeyStore(file);
        return this;
    }

    /**
     * What kinds of keys a generation has, one of each, the preferred one first; {@link KeyType#X25519} alone by default.
     *
     * @param first the preferred kind
     * @param others further kinds
     * @return this
     */
    public KeyRingBuilder types(KeyType first, KeyType... others) {
        this.types =
                Stream.concat(Stream.of(first), Stream.of(others)).distinct().toList();
        return this;
    }

    /**
     * How long a generation is published; 7 days by default.
     *
     * @param period more than zero
     * @return this
     */
    public KeyRingBuilder period(Duration period) {
        requirePositive(period, "period");
        this.period = period;
        return this;
    }

    /**
     * How much longer requests are taken for it; a day by default.
     *
     * @param overlap more than zero
     * @return this
     */
    public KeyRingBuilder overlap(Duration overlap) {
        requirePositive(overlap, "overlap");
        this.overlap = overlap;
        return this;
    }

    /**
     * How long clients may keep what is published; an hour by default.
     *
     * @param cacheFor not longer than the overlap
     * @return this
     */
    public KeyRingBuilder cacheFor(Duration cacheFor) {
        if (cacheFor.isNegative()) {
            throw new IllegalArgumentException("cacheFor is negative");
        }
        this.cacheFor = cacheFor;
        return this;
    }

    /**
     * What tells the time; the system's clock by default.
     *
     * @param clock tells when keys change
     * @return this
     */
    public KeyRingBuilder clock(Clock clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Where keys come from; the platform's strong source by default.
     *
     * @param random fit for long-lived keys
     * @return this
     */
    public KeyRingBuilder random(SecureRandom random) {
        this.random = random;
        return this;
    }

    /**
     * The keys: those of the store, and new ones as far as they are due.
     *
     * @return the ring
     * @throws IOException if the store cannot be read or written, is damaged, or others can read it
     */
    public KeyRing build() throws IOException {
        if (cacheFor.compareTo(overlap) > 0) {
            throw new IllegalArgumentException("cacheFor is longer than overlap: clients would use forgotten keys");
        }
        return new KeyRing(this);
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + " is not positive");
        }
    }
}
