package dev.masque.core.spi;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the addresses of a target's name. Thread-safe. */
public interface Resolver extends AutoCloseable {
    /**
     * Resolves a name. Must not block.
     *
     * @param name a host name in ASCII, no address
     * @return completes with at least one address, IPv6 and IPv4 in the order of preference; fails with
     *     {@link dev.masque.core.NextHopException} of type {@code DNS_ERROR} (with its rcode) or {@code DNS_TIMEOUT}
     */
    CompletionStage<List<InetAddress>> resolve(String name);

    /** Releases what the resolver holds. */
    @Override
    default void close() {}
}
