package dev.masque.server;

import dev.masque.core.spi.HeaderFields;
import dev.masque.geohash.GeoHint;
import dev.masque.server.auth.Principal;
import dev.masque.server.event.TunnelKind;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What a {@link SourceAddressSelector} may look at. Immutable.
 *
 * @param destination the address that is about to be dialled
 * @param kind TCP or UDP
 * @param connection the number of the client's connection, for choices that are to stay the same on one
 * @param principal whom the tunnel is accounted to
 * @param fields the fields of the request
 * @param hint where the client wants to be, if it is believed: see {@link MasqueServerBuilder#trustHints}
 */
public record SourceQuery(
        InetAddress destination,
        TunnelKind kind,
        long connection,
        Principal principal,
        HeaderFields fields,
        Optional<GeoHint> hint) {
    /** Without the destination. */
    @Override
    public String toString() {
        return "SourceQuery[" + kind + "]";
    }
}
