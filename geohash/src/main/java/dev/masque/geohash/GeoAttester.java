package dev.masque.geohash;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signs where a client is, for the next hop to believe. Safe for threads.
 *
 * <p>Windows are the same for everybody: they begin at whole multiples of their length since 1970, and an attestation is
 * valid from the beginning of the window it is made in to the end of the one after, so that it lasts for at least one.
 * With a signature that has no randomness in it, all clients of a cell get the same bytes for as long, and the bytes tell
 * no more than the hint.
 *
 * <pre>{@code
 * GeoAttester attester = GeoAttester.builder(key).window(Duration.ofHours(1)).build();
 * String field = attester.attest(GeoHint.of("u4pru", "DK"), "b.example:443").format();
 * }</pre>
 */
public final class GeoAttester {
    /** What was signed in this window; a few thousand cells are kept at most. */
    private static final int MAX_KEPT = 4096;

    private final GeoSigningKey key;
    private final long window;
    private final int precision;
    private final Clock clock;
    private volatile Signed signed = new Signed(Instant.MIN, new ConcurrentHashMap<>());

    private GeoAttester(Builder builder) {
        key = builder.key;
        window = builder.window.toSeconds();
        precision = builder.precision;
        clock = builder.clock;
    }

    /**
     * An attester to configure.
     *
     * @param key what to sign with
     * @return a builder: windows of one hour, a precision of 5
     */
    public static Builder builder(GeoSigningKey key) {
        return new Builder(Objects.requireNonNull(key, "key"));
    }

    /**
     * Signs a hint.
     *
     * @param hint where the client is; its cell is cut to the attester's precision
     * @param audience whom it is for, the authority of the next hop; letters in either case
     * @return the same attestation for every client of the cell until the window ends
     * @throws IllegalArgumentException if the audience is not 1 to 300 visible ASCII characters
     */
    public GeoAttestation attest(GeoHint hint, String audience) {
        Statement statement = new Statement(hint.cutTo(precision), GeoAttestation.canonicalAudience(audience));
        Instant begin = Instant.ofEpochSecond(Math.floorDiv(clock.instant().getEpochSecond(), window) * window);
        Signed current = signed;
        if (!current.begin.equals(begin)) {
            current = new Signed(begin, new ConcurrentHashMap<>());
            signed = current;
        }
        GeoAttestation kept = current.attestations.get(statement);
        if (kept != null) {
            return kept;
        }
        GeoAttestation unsigned = GeoAttestation.unsigned(
                key.id(), statement.hint, begin, begin.plusSeconds(2 * window), statement.audience);
        GeoAttestation attestation = unsigned.signed(key.sign(unsigned.toBeSigned()));
        if (current.attestations.size() < MAX_KEPT) {
            current.attestations.put(statement, attestation);
        }
        return attestation;
    }

    private record Statement(GeoHint hint, String audience) {}

    private record Signed(Instant begin, Map<Statement, GeoAttestation> attestations) {}

    /** Configures an attester. Not safe for threads. */
    public static final class Builder {
        private final GeoSigningKey key;
        private Duration window = Duration.ofHours(1);
        private int precision = GeoHint.DEFAULT_PRECISION;
        private Clock clock = Clock.systemUTC();

        private Builder(GeoSigningKey key) {
            this.key = key;
        }

        /**
         * How long clients of a cell get the same attestation. It is valid for once to twice as long.
         *
         * @param window whole seconds, 1 second to 7 days
         * @return this
         * @throws IllegalArgumentException if the window is out of range
         */
        public Builder window(Duration window) {
            if (window.compareTo(Duration.ofSeconds(1)) < 0
                    || window.compareTo(Duration.ofDays(7)) > 0
                    || !window.equals(Duration.ofSeconds(window.toSeconds()))) {
                throw new IllegalArgumentException("window must be whole seconds, 1 second to 7 days: " + window);
            }
            this.window = window;
            return this;
        }

        /**
         * How many characters of a cell are signed at most.
         *
         * @param precision 0 to 12; 0 signs countries only
         * @return this
         * @throws IllegalArgumentException if the precision is out of range
         */
        public Builder precision(int precision) {
            if (precision != 0) {
                Geohash.checkLength(precision);
            }
            this.precision = precision;
            return this;
        }

        /**
         * Where the time comes from.
         *
         * @param clock the system's if not set
         * @return this
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Makes the attester.
         *
         * @return the attester
         */
        public GeoAttester build() {
            return new GeoAttester(this);
        }
    }
}
