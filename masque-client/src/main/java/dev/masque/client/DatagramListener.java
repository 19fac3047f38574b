package dev.masque.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the datagrams of a {@link UdpTunnel} as they come. Called one at a time on the thread of the session, which serves
 * other tunnels too: must not block. What it throws is caught and logged at DEBUG.
 */
@FunctionalInterface
public interface DatagramListener {
    /**
     * A datagram arrived.
     *
     * @param payload the UDP payload, may be empty; valid until this returns
     */
    void datagram(ByteBuffer payload);

    /**
     * The tunnel is over. Called once.
     *
     * @param failure how it broke; null if it was closed
     */
    default void closed(@Nullable IOException failure) {}
}
