package dev.masque.server.location;

import dev.masque.geohash.AttestationException;
import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoAttestationVerifier;
import dev.masque.geohash.GeoKeySet;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A first hop whose attestations are believed. Thread-safe. */
final class FirstHop {
    private final AttestationKeys source;
    private final Set<String> audiences;
    private final Clock clock;
    private volatile @Nullable Known known;

    private record Known(GeoKeySet keys, GeoAttestationVerifier verifier) {}

    FirstHop(AttestationKeys source, Set<String> audiences, Clock clock) {
        this.source = source;
        this.audiences = audiences;
        this.clock = clock;
    }

    AttestationKeys source() {
        return source;
    }

    /** Why an attestation is not this first hop's, or not good; null if it is both. */
    AttestationException.@Nullable Reason check(GeoAttestation attestation) {
        GeoAttestationVerifier verifier = verifier();
        if (verifier == null) {
            source.missing();
            return AttestationException.Reason.UNKNOWN_KEY;
        }
        try {
            verifier.verify(attestation);
            return null;
        } catch (AttestationException e) {
            if (e.reason() == AttestationException.Reason.UNKNOWN_KEY) {
                source.missing();
            }
            return e.reason();
        }
    }

    private @Nullable GeoAttestationVerifier verifier() {
        GeoKeySet keys = source.current().orElse(null);
        if (keys == null) {
            return null;
        }
        Known current = known;
        if (current == null || current.keys != keys) {
            GeoAttestationVerifier.Builder builder =
                    GeoAttestationVerifier.builder(keys).clock(clock);
            audiences.forEach(builder::audience);
            current = new Known(keys, builder.build());
            known = current;
        }
        return current.verifier;
    }
}
