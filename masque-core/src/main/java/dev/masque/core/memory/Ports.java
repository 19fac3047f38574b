package dev.masque.core.memory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who listens where: on one address, or on a port of all of them. Thread-safe. */
final class Ports<T> {
    private static final int FIRST_FREE = 49_152; // RFC 6335, 6

    private final Map<InetSocketAddress, T> bound = new HashMap<>();
    private int free = FIRST_FREE;

    /** Binds; port 0 takes a free one. Null if somebody is there. */
    @Nullable synchronized InetSocketAddress bind(InetSocketAddress wanted, T listener) {
        InetSocketAddress address = wanted;
        if (wanted.getPort() == 0) {
            do {
                address = new InetSocketAddress(wanted.getAddress(), nextPort());
            } while (bound.containsKey(address));
        }
        return bound.putIfAbsent(address, listener) == null ? address : null;
    }

    /** An address that a client comes from. */
    synchronized InetSocketAddress from(InetAddress address) {
        return new InetSocketAddress(address, nextPort());
    }

    synchronized void release(InetSocketAddress address, T listener) {
        bound.remove(address, listener);
    }

    @Nullable synchronized T find(InetSocketAddress address) {
        T exact = bound.get(address);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<InetSocketAddress, T> entry : bound.entrySet()) {
            if (entry.getKey().getPort() == address.getPort()
                    && entry.getKey().getAddress().isAnyLocalAddress()) {
                return entry.getValue();
            }
        }
        return null;
    }

    private int nextPort() {
        int port = free;
        free = free == 65_535 ? FIRST_FREE : free + 1;
        return port;
    }
}
