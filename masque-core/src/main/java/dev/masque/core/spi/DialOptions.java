package dev.masque.core.spi;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How to open a socket towards a target. Immutable.
 *
 * @param source the address to send from; null lets the system choose
 * @param timeout for the connection
 * @param affinity the executor of the session that this serves: a network that can use the same thread does so. Callbacks
 *     come on the socket's own {@link ByteStream#executor()} all the same. Null if there is none
 * @param anySource whether the source may be an address that the system does not know as its own (Linux: {@code IP_FREEBIND});
 *     a network that cannot do so goes on without
 * @param nextProxy what to say to the proxy that a network of tunnels leads to; other networks pass over it. Null if nothing
 */
public record DialOptions(
        @Nullable InetAddress source,
        Duration timeout,
        @Nullable Executor affinity,
        boolean anySource,
        @Nullable NextProxy nextProxy) {
    /**
     * How to open a socket towards a target without a proxy in between.
     *
     * @param source the address to send from; null lets the system choose
     * @param timeout for the connection
     * @param affinity the executor of the session that this serves; null if there is none
     * @param anySource whether the source may be an address that the system does not know as its own
     */
    public DialOptions(@Nullable InetAddress source, Duration timeout, @Nullable Executor affinity, boolean anySource) {
        this(source, timeout, affinity, anySource, null);
    }

    /**
     * How to open a socket from an address of this host.
     *
     * @param source the address to send from; null lets the system choose
     * @param timeout for the connection
     * @param affinity the executor of the session that this serves; null if there is none
     */
    public DialOptions(@Nullable InetAddress source, Duration timeout, @Nullable Executor affinity) {
        this(source, timeout, affinity, false);
    }

    /** Checks the time-out. */
    public DialOptions {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is not positive");
        }
    }
}
