package dev.masque.core.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes what arrives on a {@link UdpSocket}. Called one at a time on its {@link UdpSocket#executor()}; must not block. */
public interface UdpHandler {
    /**
     * A datagram arrived.
     *
     * @param payload the UDP payload, may be empty; valid until this returns
     */
    void datagram(ByteBuffer payload);

    /** A batch of {@link #datagram} calls is over. */
    default void datagramsComplete() {}

    /**
     * The socket is closed. Called once.
     *
     * @param failure why it became unusable, such as an ICMP error; null if it was closed by {@link UdpSocket#close()}
     */
    void closed(@Nullable IOException failure);
}
