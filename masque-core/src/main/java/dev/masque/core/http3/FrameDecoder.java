package dev.masque.core.http3;

import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames, RFC 9114, 7.1, from a stream that may be cut anywhere. What a frame's payload becomes is its {@link Sink}'s
 * decision: streamed, collected, or skipped; only what arrived is ever held. For one stream and one thread at a time.
 */
final class FrameDecoder {
    private static final int FIRST_ALLOCATION = 512;

    private final ByteBuffer header = ByteBuffer.allocate(16);
    private boolean inPayload;
    private long type;
    private long left;
    private Mode mode = Mode.SKIP;

    @Nullable private ByteBuffer collected;

    /** What to do with a payload. */
    enum Mode {
        /** Pass it on in pieces. */
        STREAM,
        /** Pass it on as a whole; its length was checked. */
        COLLECT,
        /** Forget it. */
        SKIP
    }

    /** Takes what is decoded. */
    interface Sink {
        /** A frame begins. */
        Mode begin(long type, long length) throws H3Exception;

        /** A piece of a payload to be streamed; valid until this returns. */
        void piece(ByteBuffer payload) throws H3Exception;

        /** A payload that was collected. */
        void whole(long type, ByteBuffer payload) throws H3Exception;

        /** Whether it takes anything now; if not, decoding stops. */
        boolean isReady(boolean piece);
    }

    /** Takes bytes until there are none or the sink is not ready. */
    void decode(ByteBuffer in, Sink sink) throws H3Exception {
        while (in.hasRemaining()) {
            if (!sink.isReady(inPayload && mode == Mode.STREAM)) {
                return;
            }
            if (inPayload) {
                payload(in, sink);
            } else if (header(in)) {
                mode = sink.begin(type, left);
                inPayload = true;
                payload(in, sink);
            }
        }
    }

    /** Whether a frame has begun and not ended. */
    boolean isInFrame() {
        return inPayload || header.position() > 0;
    }

    private boolean header(ByteBuffer in) {
        while (in.hasRemaining()) {
            header.put(in.get()).flip();
            type = VarInt.read(header);
            left = type < 0 ? -1 : VarInt.read(header);
            if (left >= 0) {
                header.clear();
                return true;
            }
            header.position(header.limit()).limit(header.capacity());
        }
        return false;
    }

    private void payload(ByteBuffer in, Sink sink) throws H3Exception {
        int count = (int) Math.min(left, in.remaining());
        switch (mode) {
            case SKIP -> in.position(in.position() + count);
            case COLLECT -> collect(in, count);
            case STREAM -> {
                if (count > 0 && !sink.isReady(true)) {
                    return;
                }
                ByteBuffer piece = in.slice(in.position(), count);
                in.position(in.position() + count);
                left -= count;
                inPayload = left > 0;
                if (count > 0) {
                    sink.piece(piece);
                }
                return;
            }
        }
        left -= count;
        if (left == 0) {
            inPayload = false;
            if (mode == Mode.COLLECT) {
                ByteBuffer payload = collected == null ? ByteBuffer.allocate(0) : collected.flip();
                collected = null;
                sink.whole(type, payload);
            }
        }
    }

    private void collect(ByteBuffer in, int count) {
        ByteBuffer to = collected;
        if (to == null) {
            to = ByteBuffer.allocate((int) Math.min(left, Math.max(count, FIRST_ALLOCATION)));
        } else if (to.remaining() < count) {
            int room = (int) Math.min(to.position() + left, Math.max(2L * to.capacity(), to.position() + (long) count));
            to = ByteBuffer.allocate(room).put(to.flip());
        }
        to.put(in.slice(in.position(), count));
        in.position(in.position() + count);
        collected = to;
    }
}
