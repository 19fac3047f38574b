package dev.masque.core.spi;

import java.net.InetSocketAddress;
import java.util.List;

/** Makes the {@link Network} and the {@link Resolver} of a server; registered with {@link java.util.ServiceLoader}. Thread-safe. */
public interface NetworkProvider {
    /**
     * Makes a network with threads of its own.
     *
     * @return a network, to be closed by the caller
     */
    Network createNetwork();

    /**
     * Makes a resolver that asks the DNS without blocking a thread.
     *
     * @param nameServers whom to ask; empty asks those of the system
     * @return a resolver, to be closed by the caller
     */
    Resolver createResolver(List<InetSocketAddress> nameServers);
}
