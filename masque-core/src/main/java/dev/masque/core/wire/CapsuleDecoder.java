package dev.masque.core.wire;

import dev.masque.core.MalformedException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Capsule Protocol, RFC 9297, section 3, from a stream that may be cut anywhere. Capsules of unknown type and
 * datagrams over the limit are skipped, whatever length they declare, without being buffered. For one stream and one thread
 * at a time.
 */
public final class CapsuleDecoder {
    private static final int MAX_HEADER = 16;

    private final int maxDatagram;
    private final Sink sink;
    private final ByteBuffer header = ByteBuffer.allocate(MAX_HEADER);

    /** What of a datagram arrived, if it did not arrive whole; grows with what arrives, not with what is declared. */
    @Nullable private ByteBuffer partial;

    private boolean inValue;
    private boolean isDatagram;

    /** In a datagram over the limit, before its context id is known. */
    private boolean isOversized;

    private long left;

    /** Takes what is decoded. */
    public interface Sink {
        /**
         * A datagram.
         *
         * @param payload the HTTP Datagram Payload; valid until this returns
         * @throws MalformedException if it is not acceptable; passed on by {@link CapsuleDecoder#decode}
         */
        void datagram(ByteBuffer payload) throws MalformedException;

        /**
         * A datagram over the limit, which is skipped.
         *
         * @param contextId what it starts with: a context id (RFC 9298, 4)
         * @throws MalformedException if it is not acceptable; passed on by {@link CapsuleDecoder#decode}
         */
        default void oversized(long contextId) throws MalformedException {}
    }

    /**
     * A decoder at the start of a stream.
     *
     * @param maxDatagram the largest datagram to deliver, in bytes; larger ones are skipped
     * @param sink takes what is decoded
     */
    public CapsuleDecoder(int maxDatagram, Sink sink) {
        if (maxDatagram < 0) {
            throw new IllegalArgumentException("maxDatagram is negative");
        }
        this.maxDatagram = maxDatagram;
        this.sink = sink;
    }

    /**
     * Takes the next bytes of the stream.
     *
     * @param in all of it is used up
     * @throws MalformedException if the sink did not accept a datagram
     */
    public void decode(ByteBuffer in) throws MalformedException {
        while (in.hasRemaining()) {
            if (!inValue && !readHeader(in)) {
                return;
            }
            if (isDatagram) {
                readDatagram(in);
            } else {
                skip(in);
            }
        }
    }

    /**
     * Takes the clean end of the stream.
     *
     * @throws MalformedException if it cuts a capsule short (RFC 9297, 3.3)
     */
    public void end() throws MalformedException {
        if (inValue || header.position() > 0) {
            throw new MalformedException("the last capsule is cut short");
        }
    }

    /** Type and length; false if there is not enough yet. */
    private boolean readHeader(ByteBuffer in) {
        while (in.hasRemaining()) {
            header.put(in.get());
            header.flip();
            long type = VarInt.read(header);
            long length = type < 0 ? -1 : VarInt.read(header);
            if (length >= 0) {
                header.clear();
                isDatagram = type == Capsules.DATAGRAM && length <= maxDatagram;
                isOversized = type == Capsules.DATAGRAM && !isDatagram;
                inValue = isDatagram || length > 0;
                left = length;
                if (inValue) {
                    return true;
                }
            } else {
                header.position(header.limit()).limit(MAX_HEADER);
            }
        }
        return false;
    }

    private void skip(ByteBuffer in) throws MalformedException {
        while (isOversized && in.hasRemaining() && left > 0) {
            header.put(in.get());
            left--;
            long context = VarInt.read(header.flip());
            if (context >= 0) {
                isOversized = false;
                header.clear();
                sink.oversized(context);
            } else {
                header.position(header.limit()).limit(MAX_HEADER);
            }
        }
        int skipped = (int) Math.min(left, in.remaining());
        in.position(in.position() + skipped);
        left -= skipped;
        inValue = left > 0;
        if (!inValue) {
            isOversized = false;
            header.clear();
        }
    }

    private void readDatagram(ByteBuffer in) throws MalformedException {
        int available = (int) Math.min(left, in.remaining());
        ByteBuffer piece = in.slice(in.position(), available);
        in.position(in.position() + available);
        left -= available;
        if (partial == null && left == 0) {
            inValue = false;
            sink.datagram(piece);
            return;
        }
        ByteBuffer gathered = gather(piece);
        if (left == 0) {
            partial = null;
            inValue = false;
            sink.datagram(gathered.flip());
        }
    }

    private ByteBuffer gather(ByteBuffer piece) {
        ByteBuffer buffer = partial;
        if (buffer == null || buffer.remaining() < piece.remaining()) {
            int used = buffer == null ? 0 : buffer.position();
            long whole = used + piece.remaining() + left;
            ByteBuffer larger =
                    ByteBuffer.allocate((int) Math.min(whole, Math.max(256, 2L * (used + piece.remaining()))));
            if (buffer != null) {
                larger.put(buffer.flip());
            }
            buffer = larger;
        }
        partial = buffer.put(piece);
        return buffer;
    }
}
