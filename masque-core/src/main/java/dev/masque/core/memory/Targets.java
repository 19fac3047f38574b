package dev.masque.core.memory;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who answers under which address; the wildcard address stands for every address, port 0 for every port. Thread-safe. */
final class Targets<S, H> {
    private final Map<InetSocketAddress, Consumer<? super MemoryDial<S, H>>> known = new ConcurrentHashMap<>();
    private final Consumer<? super MemoryDial<S, H>> otherwise;

    private Targets(Consumer<? super MemoryDial<S, H>> otherwise) {
        this.otherwise = otherwise;
    }

    /** A host that is there, with all ports closed. */
    static Targets<ByteStream, ByteHandler> tcp() {
        return new Targets<>(MemoryDial::refuse);
    }

    /** A host that is there, with all ports closed: it says so to the first datagram. */
    static Targets<UdpSocket, UdpHandler> udp() {
        return new Targets<>(dial -> dial.accept(socket -> new Unheard()).close());
    }

    void put(InetSocketAddress address, Consumer<? super MemoryDial<S, H>> target) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address is not resolved");
        }
        known.put(key(address.getAddress(), address.getPort()), target);
    }

    Consumer<? super MemoryDial<S, H>> find(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        for (InetSocketAddress key : new InetSocketAddress[] {
            key(host, address.getPort()), key(host, 0), key(null, address.getPort()), key(null, 0)
        }) {
            Consumer<? super MemoryDial<S, H>> target = known.get(key);
            if (target != null) {
                return target;
            }
        }
        return otherwise;
    }

    private static InetSocketAddress key(@Nullable InetAddress host, int port) {
        return host == null || host.isAnyLocalAddress()
                ? new InetSocketAddress(port)
                : new InetSocketAddress(host, port);
    }

    /** Takes nothing. */
    private static final class Unheard implements UdpHandler {
        @Override
        public void datagram(java.nio.ByteBuffer payload) {}

        @Override
        public void closed(java.io.@Nullable IOException failure) {}
    }
}
