package dev.masque.geohash;

import dev.masque.geohash.AttestationException.Reason;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells whether an attestation can be trusted: made out to this audience, within its window, and signed by a key the
 * first hop publishes. Safe for threads; the keys can be replaced at any time.
 *
 * <pre>{@code
 * GeoAttestationVerifier verifier =
 *         GeoAttestationVerifier.builder(GeoKeySet.parse(document)).audience("b.example:443").build();
 * GeoHint hint = verifier.verify(GeoAttestation.parse(field));
 * }</pre>
 */
public final class GeoAttestationVerifier {
    /** All clients of a cell bring the same bytes, so the answer is kept for this many. */
    private static final int MAX_KEPT = 4096;

    private final Set<String> audiences;
    private final Duration skew;
    private final Duration maxWindow;
    private final Clock clock;
    private volatile Trust trust;

    private GeoAttestationVerifier(Builder builder) {
        audiences = Set.copyOf(builder.audiences);
        skew = builder.skew;
        maxWindow = builder.maxWindow;
        clock = builder.clock;
        trust = new Trust(builder.keys, ConcurrentHashMap.newKeySet());
    }

    /**
     * A verifier to configure.
     *
     * @param keys the published keys of the first hop
     * @return a builder: a skew of 30 seconds, windows of 14 days at most
     */
    public static Builder builder(GeoKeySet keys) {
        return new Builder(Objects.requireNonNull(keys, "keys"));
    }

    /**
     * Trusts these keys from now on, and no others.
     *
     * @param keys the keys published now
     */
    public void replaceKeys(GeoKeySet keys) {
        trust = new Trust(Objects.requireNonNull(keys, "keys"), ConcurrentHashMap.newKeySet());
    }

    /**
     * Verifies an attestation.
     *
     * @param attestation what the client brought
     * @return where the client is
     * @throws AttestationException if it cannot be trusted
     */
    public GeoHint verify(GeoAttestation attestation) throws AttestationException {
        if (!audiences.contains(attestation.audience())) {
            throw new AttestationException(Reason.AUDIENCE, "made out to another audience");
        }
        checkWindow(attestation);
        Trust current = trust;
        PublicKey key = current.keys.key(attestation.keyId());
        if (key == null) {
            throw new AttestationException(Reason.UNKNOWN_KEY, "signed with a key that is not published");
        }
        if (!current.verified.contains(attestation)) {
            if (!GeoSigningKey.verify(key, attestation.toBeSigned(), attestation.signature())) {
                throw new AttestationException(Reason.SIGNATURE, "the signature is wrong");
            }
            if (current.verified.size() >= MAX_KEPT) {
                current.verified.clear();
            }
            current.verified.add(attestation);
        }
        return attestation.hint();
    }

    /**
     * Verifies an attestation and that it stands for a hint: a client may say less than is attested, never more.
     *
     * @param attestation what the client brought
     * @param hint the hint that came with it
     * @return the hint
     * @throws AttestationException if the attestation cannot be trusted or is not for this hint
     */
    public GeoHint verify(GeoAttestation attestation, GeoHint hint) throws AttestationException {
        if (!hint.covers(verify(attestation))) {
            throw new AttestationException(Reason.HINT, "the hint is not what is attested");
        }
        return hint;
    }

    private void checkWindow(GeoAttestation attestation) throws AttestationException {
        Instant now = clock.instant();
        if (Duration.between(attestation.notBefore(), attestation.notAfter()).compareTo(maxWindow) > 0) {
            throw new AttestationException(Reason.WINDOW, "valid for too long");
        }
        if (now.plus(skew).isBefore(attestation.notBefore())) {
            throw new AttestationException(Reason.NOT_YET_VALID, "not valid yet");
        }
        if (!now.minus(skew).isBefore(attestation.notAfter())) {
            throw new AttestationException(Reason.EXPIRED, "no longer valid");
        }
    }

    /** Keys and what they were found to have signed, which is forgotten with them. */
    private record Trust(GeoKeySet keys, Set<GeoAttestation> verified) {}

    /** Configures a verifier. Not safe for threads. */
    public static final class Builder {
        private final GeoKeySet keys;
        private final Set<String> audiences = new HashSet<>();
        private Duration skew = Duration.ofSeconds(30);
        private Duration maxWindow = Duration.ofDays(14);
        private Clock clock = Clock.systemUTC();

        private Builder(GeoKeySet keys) {
            this.keys = keys;
        }

        /**
         * A name this verifier goes by. At least one is needed.
         *
         * @param audience its authority as the first hop names it; letters in either case
         * @return this
         * @throws IllegalArgumentException if it is not 1 to 300 visible ASCII characters
         */
        public Builder audience(String audience) {
            audiences.add(GeoAttestation.canonicalAudience(audience));
            return this;
        }

        /**
         * How far the two clocks may be apart.
         *
         * @param skew 0 to 5 minutes
         * @return this
         * @throws IllegalArgumentException if the skew is out of range
         */
        public Builder skew(Duration skew) {
            if (skew.isNegative() || skew.compareTo(Duration.ofMinutes(5)) > 0) {
                throw new IllegalArgumentException("skew must be 0 to 5 minutes: " + skew);
            }
            this.skew = skew;
            return this;
        }

        /**
         * How long an attestation may be valid.
         *
         * @param maxWindow from the beginning to the end of its window; an attester's windows are valid twice their length
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxWindow(Duration maxWindow) {
            if (maxWindow.isNegative() || maxWindow.isZero()) {
                throw new IllegalArgumentException("maxWindow must be positive: " + maxWindow);
            }
            this.maxWindow = maxWindow;
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
         * Makes the verifier.
         *
         * @return the verifier
         * @throws IllegalStateException if no audience is set
         */
        public GeoAttestationVerifier build() {
            if (audiences.isEmpty()) {
                throw new IllegalStateException("audience must be set");
            }
            return new GeoAttestationVerifier(this);
        }
    }
}
