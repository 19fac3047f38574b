package dev.masque.ohttp.bhttp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A sink that remembers, content put together. */
final class Heard<H> implements MessageSink<H> {
    final List<Object> parts = new ArrayList<>();
    final ByteArrayOutputStream content = new ByteArrayOutputStream();
    int largest;

    @Override
    public void informational(ResponseHead head) {
        parts.add(head);
    }

    @Override
    public void head(H head) {
        parts.add(head);
    }

    @Override
    public void content(ByteBuffer piece) {
        largest = Math.max(largest, piece.remaining());
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        content.writeBytes(bytes);
    }

    @Override
    public void end(Fields trailers) {
        parts.add(ByteBuffer.wrap(content.toByteArray()));
        parts.add(trailers);
    }
}
