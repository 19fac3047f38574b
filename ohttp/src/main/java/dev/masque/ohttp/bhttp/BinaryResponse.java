package dev.masque.ohttp.bhttp;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A whole response, RFC 9292. Immutable; its {@code toString} keeps the content to itself.
 *
 * @param informational the responses before the final one, each with a status below 200
 * @param head status and header section of the final one
 * @param content the content; read-only, each call a view of its own
 * @param trailers the trailer section
 */
public record BinaryResponse(List<ResponseHead> informational, ResponseHead head, ByteBuffer content, Fields trailers) {
    /**
     * Keeps copies.
     *
     * @throws IllegalArgumentException if a status is in the wrong place
     */
    public BinaryResponse {
        informational = List.copyOf(informational);
        Characters.require(
                informational.stream().allMatch(ResponseHead::informational), "a final status before the last");
        Characters.require(!head.informational(), "an informational status at last");
        content = Whole.copyOf(content);
    }

    /**
     * A response alone, without trailers.
     *
     * @param head status and header section
     * @param content copied
     * @return the response
     * @throws IllegalArgumentException if the status is informational
     */
    public static BinaryResponse of(ResponseHead head, ByteBuffer content) {
        return new BinaryResponse(List.of(), head, content, Fields.empty());
    }

    /**
     * Reads a message.
     *
     * @param in the message and nothing else, of either framing; read to its end
     * @param limits what is accepted
     * @return the response
     * @throws BinaryHttpException if it is invalid, cut short or over a limit
     */
    public static BinaryResponse decode(ByteBuffer in, BinaryHttpLimits limits) throws BinaryHttpException {
        Whole<ResponseHead> whole = new Whole<>(in.remaining());
        BinaryDecoder decoder = BinaryDecoder.ofResponse(whole, limits);
        decoder.decode(in);
        decoder.end();
        return new BinaryResponse(whole.informational(), whole.head(), whole.content(), whole.trailers());
    }

    /**
     * Writes the message.
     *
     * @param framing how
     * @return the bytes
     */
    public ByteBuffer encode(Framing framing) {
        BinaryEncoder encoder = Whole.encoder(framing, content);
        List<ByteBuffer> before =
                informational.stream().map(encoder::informational).toList();
        ByteBuffer rest = Whole.join(framing, encoder.head(head), encoder, content, trailers);
        if (before.isEmpty()) {
            return rest;
        }
        ByteBuffer out = ByteBuffer.allocate(
                before.stream().mapToInt(ByteBuffer::remaining).sum() + rest.remaining());
        before.forEach(out::put);
        return out.put(rest).flip();
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
