package dev.masque.ohttp.bhttp;

import java.nio.ByteBuffer;

/**
 * Takes the parts of a message from a {@link BinaryDecoder}, in the decoder's thread: informational responses, head, content in
 * any number of pieces, end. A throw goes to the decoder's caller and ends the decoding.
 *
 * @param <H> {@link RequestHead} or {@link ResponseHead}
 */
public interface MessageSink<H> {
    /**
     * A response before the final one. Requests have none.
     *
     * @param head status below 200
     */
    default void informational(ResponseHead head) {}

    /**
     * Control data and header section.
     *
     * @param head of the request or of the final response
     */
    void head(H head);

    /**
     * A piece of content.
     *
     * @param piece read-only, at least a byte, valid until this returns
     */
    void content(ByteBuffer piece);

    /**
     * The message is complete. Not called before the decoder was told that its input has ended: padding comes after the trailers.
     *
     * @param trailers the trailer section
     */
    void end(Fields trailers);
}
