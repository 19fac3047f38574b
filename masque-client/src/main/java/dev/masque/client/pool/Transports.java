package dev.masque.client.pool;

import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The transports of a client, one of each provider, made when they are first needed. Thread-safe. */
public final class Transports implements AutoCloseable {
    private final Map<TransportProvider, Transport> made = new ConcurrentHashMap<>();

    /** None yet. */
    public Transports() {}

    Transport get(TransportProvider provider) {
        return made.computeIfAbsent(provider, TransportProvider::create);
    }

    /** Closes them; waits for their threads. */
    @Override
    public void close() {
        made.values().forEach(Transport::close);
    }
}
