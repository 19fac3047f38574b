package dev.masque.netty;

import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.wire.VarInt;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicChannel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP Datagrams of a session in QUIC DATAGRAM frames, RFC 9297, 2.1, both ways, which Netty's codec leaves to its user.
 * What waits is bounded and the oldest goes first: quiche drops the newest, without a word. {@link #send} may be called from
 * any thread, the rest from the event loop.
 */
final class QuicheDatagrams {
    private static final long MAX_QUARTER = (1L << 60) - 1;
    private static final int EARLY = 64;

    private final QuicheSession session;
    private final int capacity;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private final ArrayDeque<Early> early = new ArrayDeque<>();
    private boolean asked;
    private boolean closed;
    private volatile int maxFrame;

    /** What came before its stream, which may come. */
    private record Early(long stream, ByteBuffer payload) {}

    QuicheDatagrams(QuicheSession session, int capacity) {
        this.session = session;
        this.capacity = capacity;
    }

    /** The peer takes DATAGRAM frames with so many bytes of data. */
    void maxFrame(int bytes) {
        maxFrame = bytes;
    }

    boolean isPossible() {
        return maxFrame > 0;
    }

    /** The largest payload on a stream. */
    int maxSize(long stream) {
        return Math.max(0, maxFrame - VarInt.length(stream / 4));
    }

    boolean send(long stream, ByteBuffer payload) {
        long quarter = stream / 4;
        int length = VarInt.length(quarter) + payload.remaining();
        ByteBuf frame = session.allocator().directBuffer(length, length);
        ByteBuffer room = frame.nioBuffer(0, length);
        VarInt.write(room, quarter);
        room.put(payload.duplicate());
        frame.writerIndex(length);
        synchronized (waiting) {
            if (closed) {
                frame.release();
                return false;
            }
            if (waiting.size() >= capacity) {
                waiting.remove().release();
            }
            waiting.add(frame);
            if (asked) {
                return true;
            }
            asked = true;
        }
        session.onLoop(session::requestFlush);
        return true;
    }

    /** Passes what waits on to quiche. */
    void flush(QuicChannel channel) {
        boolean some = false;
        for (ByteBuf frame = next(); frame != null; frame = next()) {
            channel.write(frame, channel.voidPromise());
            some = true;
        }
        if (some) {
            channel.flush();
        }
    }

    @Nullable private ByteBuf next() {
        synchronized (waiting) {
            ByteBuf frame = waiting.poll();
            asked = frame != null;
            return frame;
        }
    }

    /** The session is over. */
    void close() {
        synchronized (waiting) {
            closed = true;
        }
        for (ByteBuf frame = next(); frame != null; frame = next()) {
            frame.release();
        }
        early.clear();
    }

    /** The data of a frame that came. */
    void received(ByteBuf frame) throws H3Exception {
        ByteBuffer data = frame.nioBuffer();
        long quarter = VarInt.read(data);
        if (quarter < 0 || quarter > MAX_QUARTER) {
            throw H3Exception.connection(H3.DATAGRAM_ERROR, "a datagram without a stream");
        }
        long id = 4 * quarter;
        QuicheStream stream = session.stream(id);
        if (stream != null) {
            deliver(stream, data);
        } else if (session.isToCome(id)) {
            if (early.size() >= EARLY) {
                early.remove();
            }
            early.add(new Early(
                    id, ByteBuffer.allocate(data.remaining()).put(data).flip()));
        }
    }

    private static void deliver(QuicheStream stream, ByteBuffer payload) {
        if (stream.request().usesCapsules()) {
            stream.datagram(payload);
        } else {
            stream.violated(
                    H3.DATAGRAM_ERROR,
                    H3Exception.stream(H3.DATAGRAM_ERROR, "a datagram on a request without datagrams"));
        }
    }

    /** The head of a request is there, perhaps after datagrams of it. */
    void requested(QuicheStream stream, long id) {
        if (early.isEmpty()) {
            return;
        }
        early.removeIf(datagram -> {
            if (datagram.stream() == id) {
                session.later(() -> {
                    session.readStarted();
                    deliver(stream, datagram.payload());
                    session.readComplete();
                });
            }
            return datagram.stream() == id;
        });
    }
}
