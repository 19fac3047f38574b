package dev.masque.core.spi;

import java.nio.ByteBuffer;

/**
 * One request and what follows it: its response, bytes both ways, HTTP Datagrams. Thread-safe, see {@link ByteStream}.
 *
 * <p>On a stream whose request {@linkplain RequestHead#usesCapsules() uses capsules} the bytes are the Capsule Protocol,
 * which the transport speaks: {@link #write} is not used, {@link StreamHandler#data} is not called, {@link #end()} and
 * {@link StreamHandler#end()} are as elsewhere.
 */
public interface HttpStream extends ByteStream {
    /**
     * The request.
     *
     * @return the head that opened this stream
     */
    RequestHead request();

    /**
     * The session that carries this stream.
     *
     * @return the session
     */
    HttpSession session();

    /**
     * Sends a response head, on the server only: any number of informational ones, then one final. Flushed at once.
     *
     * @param head the response; of the final one, bytes written before it are an error of the caller
     * @throws IllegalStateException on a client, or after a final response
     */
    void respond(ResponseHead head);

    /**
     * Sends an HTTP Datagram (RFC 9297): as a QUIC DATAGRAM frame where that was negotiated, else as a capsule. Unreliable:
     * dropped if it is too large or too much is queued already (the oldest goes first where the queue is our own). Leaves at
     * the next {@link #flush()} at the latest.
     *
     * @param payload the HTTP Datagram Payload, context id included; copied before this returns
     * @return false if it was dropped here and now
     */
    boolean sendDatagram(ByteBuffer payload);

    /**
     * The largest payload that {@link #sendDatagram} can take now.
     *
     * @return bytes, context id included; 0 if the stream carries no datagrams
     */
    int maxDatagramSize();
}
