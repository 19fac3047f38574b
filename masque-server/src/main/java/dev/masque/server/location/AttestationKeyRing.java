package dev.masque.server.location;

import dev.masque.geohash.GeoAttester;
import dev.masque.geohash.GeoKeySet;
import dev.masque.geohash.GeoSigningKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The keys that a first hop signs with, one after the other. A new one is published at once but signs only after a while, when
 * everybody has fetched it; the one before stays published until what it signed has ended. Thread-safe.
 *
 * <pre>{@code
 * AttestationKeyRing ring = AttestationKeyRing.of(GeoSigningKey.parse(pem));
 * ring.rotate(GeoSigningKey.generate());   // signs from in two hours on
 * }</pre>
 */
public final class AttestationKeyRing {
    /** The clocks of two hops differ by less. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final int MAX_KEYS = 8;

    private final Duration window;
    private final Duration lead;
    private final Clock clock;
    private volatile List<Entry> entries; // in the order in which they sign

    private record Entry(GeoSigningKey key, GeoAttester attester, Instant signsFrom) {}

    private AttestationKeyRing(Builder builder) {
        window = builder.window;
        lead = builder.lead;
        clock = builder.clock;
        entries = List.of(entry(builder.first, Instant.MIN));
    }

    /**
     * A ring with one key.
     *
     * @param first signs from now on
     * @return a ring with windows of an hour, whose keys are published two hours before they sign
     */
    public static AttestationKeyRing of(GeoSigningKey first) {
        return builder(first).build();
    }

    /**
     * A ring to configure.
     *
     * @param first signs from now on
     * @return a builder
     */
    public static Builder builder(GeoSigningKey first) {
        return new Builder(Objects.requireNonNull(first, "first"));
    }

    private Entry entry(GeoSigningKey key, Instant signsFrom) {
        GeoAttester attester = GeoAttester.builder(key)
                .window(window)
                .precision(12) // the hint is coarse already
                .clock(clock)
                .build();
        return new Entry(key, attester, signsFrom);
    }

    /**
     * Publishes a key, and signs with it after a while. No effect if it is the newest key already.
     *
     * @param next a key
     * @throws IllegalStateException if too many keys would be published, because the last rotations are too recent
     */
    public synchronized void rotate(GeoSigningKey next) {
        List<Entry> kept = new ArrayList<>(current());
        if (kept.get(kept.size() - 1).key.publicKey().equals(next.publicKey())) {
            return;
        }
        if (kept.size() == MAX_KEYS) {
            throw new IllegalStateException("keys are rotated too often");
        }
        Instant from = clock.instant().plus(lead);
        Instant last = kept.get(kept.size() - 1).signsFrom;
        kept.add(entry(next, from.isAfter(last) ? from : last));
        entries = List.copyOf(kept);
    }

    /** Those that sign or will, or signed what may still be valid. */
    private List<Entry> current() {
        List<Entry> all = entries;
        Instant ended = clock.instant().minus(window.multipliedBy(2)).minus(SKEW);
        int first = 0;
        while (first + 1 < all.size() && all.get(first + 1).signsFrom.isBefore(ended)) {
            first++;
        }
        return all.subList(first, all.size());
    }

    GeoAttester attester() {
        List<Entry> all = entries;
        Instant now = clock.instant();
        int index = all.size() - 1;
        while (index > 0 && all.get(index).signsFrom.isAfter(now)) {
            index--;
        }
        return all.get(index).attester;
    }

    /**
     * The keys that verifiers need now.
     *
     * @return what is to be published
     */
    public GeoKeySet published() {
        return GeoKeySet.of(
                current().stream().map(entry -> entry.key.publicKey()).toList());
    }

    /** Configures a ring. Not thread-safe. */
    public static final class Builder {
        private final GeoSigningKey first;
        private Duration window = Duration.ofHours(1);
        private Duration lead = Duration.ofHours(2);
        private Clock clock = Clock.systemUTC();

        private Builder(GeoSigningKey first) {
            this.first = first;
        }

        /**
         * How long clients of a cell get the same attestation, which is valid for once to twice as long.
         *
         * @param length whole seconds, 1 second to 7 days
         * @return this builder
         */
        public Builder window(Duration length) {
            window = length;
            return this;
        }

        /**
         * How long a key is published before it signs: longer than the others wait until they fetch again.
         *
         * @param length zero or more
         * @return this builder
         */
        public Builder lead(Duration length) {
            if (length.isNegative()) {
                throw new IllegalArgumentException("lead is negative");
            }
            lead = length;
            return this;
        }

        /**
         * Where the time comes from.
         *
         * @param chosen the system's if not set
         * @return this builder
         */
        public Builder clock(Clock chosen) {
            clock = chosen;
            return this;
        }

        /**
         * Makes the ring.
         *
         * @return the ring
         * @throws IllegalArgumentException if the window is out of range
         */
        public AttestationKeyRing build() {
            return new AttestationKeyRing(this);
        }
    }
}
