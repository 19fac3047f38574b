package dev.masque.server;

import dev.masque.core.NextHopException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the address that a connection to a target comes from. Thread-safe. Called once for each address that is tried, on
 * the threads of connections: must not block. The default leaves the choice to the system.
 */
@FunctionalInterface
public interface SourceAddressSelector {
    /**
     * Chooses.
     *
     * @param query where to, and for whom
     * @return an address of this host, of the family of {@link SourceQuery#destination()}; null leaves it to the system
     * @throws NextHopException if there is none for this destination, which is then not tried
     */
    @Nullable InetAddress select(SourceQuery query) throws NextHopException;
}
