package dev.masque.client;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Options that a tunnel takes without a use for them, so that what sets them works. Thread-safe. */
final class KeptOptions {
    private static final int BUFFER = 64 << 10;

    /** What a TCP socket has, with the defaults. */
    static final Map<SocketOption<?>, Object> TCP = Map.of(
            StandardSocketOptions.TCP_NODELAY,
            true,
            StandardSocketOptions.SO_SNDBUF,
            BUFFER,
            StandardSocketOptions.SO_RCVBUF,
            BUFFER,
            StandardSocketOptions.SO_KEEPALIVE,
            false,
            StandardSocketOptions.SO_REUSEADDR,
            false,
            StandardSocketOptions.SO_LINGER,
            -1,
            StandardSocketOptions.IP_TOS,
            0);

    /** What a UDP socket has, with the defaults. */
    static final Map<SocketOption<?>, Object> UDP = Map.of(
            StandardSocketOptions.SO_SNDBUF,
            BUFFER,
            StandardSocketOptions.SO_RCVBUF,
            BUFFER,
            StandardSocketOptions.SO_REUSEADDR,
            false,
            StandardSocketOptions.SO_BROADCAST,
            false,
            StandardSocketOptions.IP_TOS,
            0);

    private final Map<SocketOption<?>, Object> values;

    KeptOptions(Map<SocketOption<?>, Object> defaults) {
        values = new ConcurrentHashMap<>(defaults);
    }

    static void checkSize(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("size is not positive");
        }
    }

    <T> void set(SocketOption<T> name, T value) {
        if (values.replace(name, value) == null) {
            throw new UnsupportedOperationException("option " + name.name());
        }
    }

    <T> T get(SocketOption<T> name) {
        Object value = values.get(name);
        if (value == null) {
            throw new UnsupportedOperationException("option " + name.name());
        }
        return name.type().cast(value);
    }
}
