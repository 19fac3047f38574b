package dev.masque.ohttp.bhttp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes one message in pieces, RFC 9292: head, content as it comes, end. Connection-specific fields are left out (section 3.6).
 * Keeps nothing it was given. For one thread at a time.
 *
 * <pre>{@code
 * BinaryEncoder encoder = BinaryEncoder.indeterminateLength();
 * out.write(encoder.request(head));
 * while (more) {
 *     out.write(encoder.content(piece));
 * }
 * out.write(encoder.end(Fields.empty()));
 * }</pre>
 */
public final class BinaryEncoder {
    private enum Next {
        HEAD,
        CONTENT,
        NOTHING
    }

    private final boolean indeterminate;
    private long left;
    private boolean begun;
    private Next next = Next.HEAD;

    private BinaryEncoder(boolean indeterminate, long length) {
        this.indeterminate = indeterminate;
        left = length;
    }

    /**
     * An encoder for content of a length that is not known, section 3.2.
     *
     * @return an encoder, for one message
     */
    public static BinaryEncoder indeterminateLength() {
        return new BinaryEncoder(true, 0);
    }

    /**
     * An encoder for content of a known length, section 3.1.
     *
     * @param content how many bytes will follow
     * @return an encoder, for one message
     * @throws IllegalArgumentException if it is negative or over 2^62 - 1
     */
    public static BinaryEncoder knownLength(long content) {
        Characters.require(content >= 0 && content <= VarInt.MAX, "not a length of content");
        return new BinaryEncoder(false, content);
    }

    /**
     * Begins a request.
     *
     * @param head control data and header section
     * @return what to send
     * @throws IllegalStateException unless first
     */
    public ByteBuffer request(RequestHead head) {
        require(next == Next.HEAD && !begun);
        String[] control = {head.method(), head.scheme(), head.authority(), head.path()};
        int length = 1;
        for (String text : control) {
            length += textLength(text);
        }
        Fields fields = head.fields().withoutConnectionFields();
        ByteBuffer out = ByteBuffer.allocate(length + sectionLength(fields) + 8);
        out.put((byte) (indeterminate ? 2 : 0));
        for (String text : control) {
            putText(out, text);
        }
        putSection(out, fields);
        return headDone(out);
    }

    /**
     * A response before the final one, section 3.5.1.
     *
     * @param head its status, below 200, and header section
     * @return what to send
     * @throws IllegalArgumentException if the status is a final one
     * @throws IllegalStateException after the final response, or in a request
     */
    public ByteBuffer informational(ResponseHead head) {
        Characters.require(head.informational(), "a final status");
        return response(head);
    }

    /**
     * The final response.
     *
     * @param head its status, 200 or over, and header section
     * @return what to send
     * @throws IllegalArgumentException if the status is informational
     * @throws IllegalStateException if called before, or in a request
     */
    public ByteBuffer head(ResponseHead head) {
        Characters.require(!head.informational(), "an informational status");
        return headDone(response(head));
    }

    private ByteBuffer response(ResponseHead head) {
        require(next == Next.HEAD);
        Fields fields = head.fields().withoutConnectionFields();
        ByteBuffer out = ByteBuffer.allocate(1 + 2 + sectionLength(fields) + 8);
        if (!begun) {
            out.put((byte) (indeterminate ? 3 : 1));
        }
        begun = true;
        VarInt.write(out, head.status());
        putSection(out, fields);
        return head.informational() ? out.flip() : out;
    }

    private ByteBuffer headDone(ByteBuffer out) {
        if (!indeterminate) {
            VarInt.write(out, left);
        }
        begun = true;
        next = Next.CONTENT;
        return out.flip();
    }

    /**
     * A piece of content.
     *
     * @param piece read to its end; may be empty
     * @return what to send, a copy
     * @throws IllegalStateException before the head, after the end, or over the length that was said
     */
    public ByteBuffer content(ByteBuffer piece) {
        require(next == Next.CONTENT);
        int length = piece.remaining();
        ByteBuffer out = ByteBuffer.allocate(length + 8);
        if (indeterminate) {
            if (length > 0) { // a length of 0 ends the content
                VarInt.write(out, length);
            }
        } else {
            require(length <= left);
            left -= length;
        }
        return out.put(piece).flip();
    }

    /**
     * Ends the message.
     *
     * @param trailers the trailer section
     * @return what to send
     * @throws IllegalStateException before the head, after the end, or before the length that was said
     */
    public ByteBuffer end(Fields trailers) {
        require(next == Next.CONTENT && left == 0);
        next = Next.NOTHING;
        Fields fields = trailers.withoutConnectionFields();
        ByteBuffer out = ByteBuffer.allocate(1 + sectionLength(fields));
        if (indeterminate) {
            out.put((byte) 0);
        }
        putSection(out, fields);
        return out.flip();
    }

    private static void require(boolean inOrder) {
        if (!inOrder) {
            throw new IllegalStateException("parts of a message out of order or of another length");
        }
    }

    private static int textLength(String text) {
        return VarInt.length(text.length()) + text.length();
    }

    private static void putText(ByteBuffer out, String text) {
        VarInt.write(out, text.length());
        out.put(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Lines without what is around them. */
    private static int linesLength(Fields fields) {
        int length = 0;
        for (Field line : fields) {
            length = Math.addExact(length, textLength(line.name()) + textLength(line.value()));
        }
        return length;
    }

    private static int sectionLength(Fields fields) {
        int lines = linesLength(fields);
        return VarInt.length(lines) + lines;
    }

    private void putSection(ByteBuffer out, Fields fields) {
        if (!indeterminate) {
            VarInt.write(out, linesLength(fields));
        }
        for (Field line : fields) {
            putText(out, line.name());
            putText(out, line.value());
        }
        if (indeterminate) {
            out.put((byte) 0);
        }
    }
}
