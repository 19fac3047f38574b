package dev.masque.server;

import dev.masque.core.Target;
import dev.masque.core.spi.HeaderFields;
import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoHint;
import dev.masque.server.auth.Principal;
import dev.masque.server.location.HintReading;
import dev.masque.server.location.HintTrust;
import dev.masque.server.location.LocationAttestations;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What requests say of places, and what answers do. Thread-safe.
 *
 * @param trust whose hints are believed; null if nobody asks for them
 * @param attestations what clients are told to show to the next hop; null if nothing
 * @param terminal whether tunnels end at another proxy, which is told instead of the clients
 */
record Locations(@Nullable HintTrust trust, @Nullable LocationAttestations attestations, boolean terminal) {

    /** Where the client wants to be; notes why what it says is not used. */
    Optional<GeoHint> hint(TunnelRequest request, Principal principal, TunnelNotes notes) {
        if (trust == null) {
            return Optional.empty();
        }
        HintReading reading = trust.read(request.head().fields(), principal);
        reading.problem().ifPresent(notes::add);
        return reading.hint();
    }

    /** Fields of the answer to a granted request. */
    HeaderFields attested(TunnelRequest request, ClientConnection connection) {
        return terminal
                ? HeaderFields.empty()
                : attest(connection, request.target())
                        .map(value -> HeaderFields.of(GeoAttestation.NAME, value.format()))
                        .orElse(HeaderFields.empty());
    }

    /**
     * What the proxy behind this one is told of a client: where it wants to be, if it said so and is believed, else where it is;
     * and what attests that, unless the client wants to be elsewhere.
     */
    HeaderFields forNextProxy(ClientConnection connection, Target proxy, Optional<GeoHint> wanted) {
        Optional<GeoAttestation> attested = attest(connection, proxy);
        Optional<GeoHint> hint = wanted.or(() -> attested.map(GeoAttestation::hint));
        HeaderFields.Builder fields = HeaderFields.builder();
        hint.ifPresent(place -> fields.add(GeoHint.NAME, place.format()));
        attested.filter(value -> hint.map(place -> place.covers(value.hint())).orElse(false))
                .ifPresent(value -> fields.add(GeoAttestation.NAME, value.format()));
        return fields.build();
    }

    private Optional<GeoAttestation> attest(ClientConnection connection, Target audience) {
        return Optional.ofNullable(attestations)
                .flatMap(known -> known.attestation(
                        connection.session().info().remoteAddress().getAddress(), audience));
    }
}
