package dev.masque.server.egress;

import dev.masque.geohash.GeoHint;
import java.util.Optional;

/**
 * What an egress address is wanted for. Immutable.
 *
 * @param hint where the client wants to be
 * @param ipv6 the family of the target's address that is tried
 * @param eitherFamily whether the target has addresses of both families, so that the other can be tried instead
 * @param connection the number of the client's connection, which keeps its address
 */
public record EgressQuery(Optional<GeoHint> hint, boolean ipv6, boolean eitherFamily, long connection) {}
