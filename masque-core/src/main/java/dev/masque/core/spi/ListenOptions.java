package dev.masque.core.spi;

import dev.masque.core.HttpVersion;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where and how to listen. Immutable.
 *
 * @param address where; port 0 takes a free one
 * @param versions what to offer by ALPN, a subset of what the transport speaks
 * @param identity called for every new connection, so that certificates can change while running; must not block
 * @param limits what a session may cost
 */
public record ListenOptions(
        InetSocketAddress address, Set<HttpVersion> versions, Supplier<ServerIdentity> identity, SessionLimits limits) {
    /** Copies the set. */
    public ListenOptions {
        versions = Set.copyOf(versions);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("no version of HTTP");
        }
    }
}
