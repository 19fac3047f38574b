package dev.masque.core.memory;

import dev.masque.core.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who listens where: on one address, or on a port of all of them. HTTP/3 has ports of its own, as UDP has. Thread-safe. */
final class Ports<T> {
    private static final int FIRST_FREE = 49_152; // RFC 6335, 6

    private final Map<Port, T> bound = new HashMap<>();
    private int free = FIRST_FREE;

    private record Port(InetSocketAddress address, boolean udp) {}

    /** Binds for these versions; port 0 takes a free one. Null if somebody is there. */
    @Nullable synchronized InetSocketAddress bind(InetSocketAddress wanted, Set<HttpVersion> versions, T listener) {
        InetSocketAddress address = wanted;
        if (wanted.getPort() == 0) {
            do {
                address = new InetSocketAddress(wanted.getAddress(), nextPort());
            } while (isTaken(address, versions));
        } else if (isTaken(address, versions)) {
            return null;
        }
        for (Port port : ports(address, versions)) {
            bound.put(port, listener);
        }
        return address;
    }

    private boolean isTaken(InetSocketAddress address, Set<HttpVersion> versions) {
        return ports(address, versions).stream().anyMatch(bound::containsKey);
    }

    private static Set<Port> ports(InetSocketAddress address, Set<HttpVersion> versions) {
        return versions.stream().map(version -> port(address, version)).collect(Collectors.toSet());
    }

    private static Port port(InetSocketAddress address, HttpVersion version) {
        return new Port(address, version == HttpVersion.HTTP_3);
    }

    /** An address that a client comes from. */
    synchronized InetSocketAddress from(InetAddress address) {
        return new InetSocketAddress(address, nextPort());
    }

    synchronized void release(T listener) {
        bound.values().removeIf(other -> other == listener);
    }

    @Nullable synchronized T find(InetSocketAddress address, HttpVersion version) {
        Port wanted = port(address, version);
        T exact = bound.get(wanted);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<Port, T> entry : bound.entrySet()) {
            Port port = entry.getKey();
            if (port.udp == wanted.udp
                    && port.address.getPort() == address.getPort()
                    && port.address.getAddress().isAnyLocalAddress()) {
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
