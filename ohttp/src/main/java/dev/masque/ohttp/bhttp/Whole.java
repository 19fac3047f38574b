package dev.masque.ohttp.bhttp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps a message together that a decoder hands on in parts, and writes one in one piece. */
final class Whole<H> implements MessageSink<H> {
    private final List<ResponseHead> informational = new ArrayList<>();
    private final ByteBuffer content;
    private @Nullable H head;
    private Fields trailers = Fields.empty();

    /** The message's own length bounds its content. */
    Whole(int length) {
        content = ByteBuffer.allocate(length);
    }

    @Override
    public void informational(ResponseHead response) {
        informational.add(response);
    }

    @Override
    public void head(H message) {
        head = message;
    }

    @Override
    public void content(ByteBuffer piece) {
        content.put(piece);
    }

    @Override
    public void end(Fields section) {
        trailers = section;
        content.flip();
    }

    List<ResponseHead> informational() {
        return informational;
    }

    H head() {
        return Objects.requireNonNull(head);
    }

    ByteBuffer content() {
        return content;
    }

    Fields trailers() {
        return trailers;
    }

    static ByteBuffer copyOf(ByteBuffer content) {
        return ByteBuffer.allocate(content.remaining())
                .put(content.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    static BinaryEncoder encoder(Framing framing, ByteBuffer content) {
        return framing == Framing.INDETERMINATE_LENGTH
                ? BinaryEncoder.indeterminateLength()
                : BinaryEncoder.knownLength(content.remaining());
    }

    static ByteBuffer join(
            Framing framing, ByteBuffer head, BinaryEncoder encoder, ByteBuffer content, Fields trailers) {
        ByteBuffer body = encoder.content(content.duplicate());
        ByteBuffer end = encoder.end(trailers);
        ByteBuffer out = ByteBuffer.allocate(head.remaining() + body.remaining() + end.remaining())
                .put(head)
                .put(body)
                .put(end)
                .flip();
        if (framing == Framing.SHORTEST && trailers.isEmpty()) {
            out.limit(out.limit() - 1);
            if (!content.hasRemaining()) {
                out.limit(out.limit() - 1);
            }
        }
        return out;
    }

    static ByteBuffer padded(ByteBuffer message, int block) {
        Characters.require(block > 0, "a block without bytes");
        int length = Math.toIntExact(((long) message.remaining() + block - 1) / block * block);
        return ByteBuffer.allocate(length).put(message).clear();
    }
}
