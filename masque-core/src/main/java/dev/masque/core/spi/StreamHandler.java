package dev.masque.core.spi;

import java.nio.ByteBuffer;

/** Takes what arrives on an {@link HttpStream}; threads and ownership as in {@link ByteHandler}. */
public interface StreamHandler extends ByteHandler {
    /**
     * A response head arrived, on the client only: any number of informational ones, then one final. Also called while
     * paused, and before any data.
     *
     * @param head the response
     */
    default void response(ResponseHead head) {}

    /**
     * An HTTP Datagram arrived; may come before the response and while paused: it is unreliable, not part of the bytes. A
     * batch of datagrams ends with {@link #dataComplete()}, as a batch of data does.
     *
     * @param payload the HTTP Datagram Payload, context id included; valid until this returns
     */
    default void datagram(ByteBuffer payload) {}
}
