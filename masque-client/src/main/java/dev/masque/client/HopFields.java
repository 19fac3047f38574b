package dev.masque.client;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.ResponseHead;
import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.MalformedGeoException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The fields of requests to one hop, beside those that the tunnel needs: the user's, the hint of the place that was given for
 * this hop, and what the hop before attests of it. Thread-safe.
 */
final class HopFields {
    private final HeaderFields fixed;
    private final boolean passesAttestation;
    private final InstantSource clock;

    @Nullable private volatile GeoAttestation attestation;

    @Nullable private volatile AttestationRenewal renewal;

    HopFields(Hop hop, InstantSource clock) {
        GeoHint hint = hop.geohash();
        HeaderFields.Builder fields = HeaderFields.builder().addAll(hop.fields());
        if (hint != null) {
            fields.add(GeoHint.NAME, hint.format());
        }
        this.fixed = fields.build();
        this.passesAttestation = hop.passesAttestation();
        this.clock = clock;
    }

    /** From now on has the hop before attest anew when it is time to. */
    void renewBy(AttestationRenewal how) {
        renewal = how;
    }

    /** Completes, never with a failure, when {@link #current()} is as good as it gets: at once, unless an attestation has ended. */
    CompletableFuture<Void> ready() {
        AttestationRenewal how = renewal;
        return how == null ? CompletableFuture.completedFuture(null) : how.ready(attestation);
    }

    /** What goes into a request now. */
    HeaderFields current() {
        GeoAttestation known = attestation;
        return known == null || known.notAfter().isBefore(clock.instant())
                ? fixed
                : HeaderFields.builder()
                        .addAll(fixed)
                        .add(GeoAttestation.NAME, known.format())
                        .build();
    }

    /** What goes into a request now, with fields that stand in for those of the same name. */
    HeaderFields with(HeaderFields more) {
        HeaderFields.Builder fields = HeaderFields.builder();
        for (HeaderFields.Field field : current()) {
            if (!more.contains(field.name())) {
                fields.add(field.name(), field.value());
            }
        }
        return fields.addAll(more).build();
    }

    /** The hop before has opened a tunnel to this one. What it attests last counts. */
    void opened(ResponseHead answer) {
        String field = answer.fields().first(GeoAttestation.NAME);
        if (field == null || !passesAttestation) {
            return;
        }
        try {
            attestation = GeoAttestation.parse(field);
        } catch (MalformedGeoException e) {
            attestation = null; // the next would refuse it, too
        }
    }
}
