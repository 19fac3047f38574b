package dev.masque.ohttp.bhttp;

import java.nio.ByteBuffer;

/**
 * A whole request, RFC 9292. Immutable; its {@code toString} keeps the content to itself.
 *
 * <pre>{@code
 * BinaryRequest request = BinaryRequest.decode(bytes, BinaryHttpLimits.DEFAULT);
 * ByteBuffer bytes = request.encode(Framing.KNOWN_LENGTH);
 * }</pre>
 *
 * @param head control data and header section
 * @param content the content; read-only, each call a view of its own
 * @param trailers the trailer section
 */
public record BinaryRequest(RequestHead head, ByteBuffer content, Fields trailers) {
    /** Keeps a copy of the content. */
    public BinaryRequest {
        content = Whole.copyOf(content);
    }

    /**
     * A request without trailers.
     *
     * @param head control data and header section
     * @param content copied
     * @return the request
     */
    public static BinaryRequest of(RequestHead head, ByteBuffer content) {
        return new BinaryRequest(head, content, Fields.empty());
    }

    /**
     * Reads a message.
     *
     * @param in the message and nothing else, of either framing; read to its end
     * @param limits what is accepted
     * @return the request
     * @throws BinaryHttpException if it is invalid, cut short or over a limit
     */
    public static BinaryRequest decode(ByteBuffer in, BinaryHttpLimits limits) throws BinaryHttpException {
        Whole<RequestHead> whole = new Whole<>(in.remaining());
        BinaryDecoder decoder = BinaryDecoder.ofRequest(whole, limits);
        decoder.decode(in);
        decoder.end();
        return new BinaryRequest(whole.head(), whole.content(), whole.trailers());
    }

    /**
     * Writes the message.
     *
     * @param framing how
     * @return the bytes
     */
    public ByteBuffer encode(Framing framing) {
        BinaryEncoder encoder = Whole.encoder(framing, content);
        return Whole.join(framing, encoder.request(head), encoder, content, trailers);
    }

    /**
     * Writes the message with padding, so that its length says less, section 3.8.
     *
     * @param framing how
     * @param block bytes, of which the length becomes a multiple
     * @return the bytes
     * @throws IllegalArgumentException if the block is not positive
     */
    public ByteBuffer encode(Framing framing, int block) {
        return Whole.padded(encode(framing), block);
    }

    /**
     * The content.
     *
     * @return read-only; each call a view of its own
     */
    @Override
    public ByteBuffer content() {
        return content.duplicate();
    }

    @Override
    public String toString() {
        return head + ", " + content.remaining() + " bytes";
    }
}
