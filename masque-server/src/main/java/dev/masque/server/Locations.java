package dev.masque.server;

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
 */
record Locations(@Nullable HintTrust trust, @Nullable LocationAttestations attestations) {

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
        if (attestations == null) {
            return HeaderFields.empty();
        }
        return attestations
                .attest(connection.session().info().remoteAddress().getAddress(), request.target())
                .map(value -> HeaderFields.of(GeoAttestation.NAME, value))
                .orElse(HeaderFields.empty());
    }
}
