package dev.masque.server.location;

import dev.masque.geohash.GeoHint;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Knows roughly where an address is. Called on the threads of connections, several at once: must be thread-safe and must not
 * block. What it throws counts as not knowing.
 */
@FunctionalInterface
public interface ClientLocator {
    /**
     * Finds a client.
     *
     * @param client its address, which is not to be kept nor logged
     * @return cell and country, or empty if it is not known
     */
    Optional<GeoHint> locate(InetAddress client);
}
