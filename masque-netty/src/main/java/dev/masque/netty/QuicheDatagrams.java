package dev.masque.netty;

import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.wire.VarInt;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicChannel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP Datagrams of a session in QUIC DATAGRAM frames, RFC 9297, 2.1, both ways, which Netty's codec leaves to its user.
 * What waits is bounded in bytes, of which the oldest go first, and in time, by {@link CoDel}. What quiche has no room for goes
 * on waiting. {@link #send} may be called from any thread, the rest from the event loop.
 */
final class QuicheDatagrams {
    private static final long MAX_QUARTER = (1L << 60) - 1;
    private static final int EARLY = 64;

    /** What a frame takes besides its bytes, about. */
    private static final int OVERHEAD = 256;

    /** How many frames quiche is given at once: as many full ones as leave in one system call. */
    private static final int BATCH = 64;

    /** When quiche is asked again that had no room, unless the peer is heard of before. */
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final QuicheSession session;
    private final long capacity;

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final CoDel codel = new CoDel();

    /** What was given to quiche, and what of that it had no room for. */
    private final ArrayDeque<ByteBuf> offered = new ArrayDeque<>();

    private final ArrayDeque<ByteBuf> refused = new ArrayDeque<>();
    private final QuicheReceipt receipt = new QuicheReceipt() {
        @Override
        void settled(boolean taken) {
            ByteBuf frame = offered.remove();
            if (taken || closed) {
                frame.release();
            } else {
                refused.add(frame);
            }
        }
    };
    private final ArrayDeque<Early> early = new ArrayDeque<>();
    private long waitingBytes;
    private boolean pausing;
    private boolean asked;
    private boolean closed;

    /** The largest frame's data that leaves now, and whether more may soon. */
    private int fits;

    private boolean mayGrow;
    private volatile int promised;

    private record Waiting(ByteBuf frame, long since) {
        /** What it takes, about. */
        int cost() {
            return frame.readableBytes() + OVERHEAD;
        }
    }

    /** What came before its stream, which may come. */
    private record Early(long stream, ByteBuffer payload) {}

    /**
     * For a session.
     *
     * @param capacity how many of full size may wait; of small ones more
     */
    QuicheDatagrams(QuicheSession session, int capacity) {
        this.session = session;
        this.capacity = (long) capacity * (QuichePath.MOST + OVERHEAD);
    }

    /**
     * What the path carries.
     *
     * @param now the largest data of a frame that leaves at once
     * @param most the largest that may be sent: waits until the path is known to carry it
     * @param growing whether {@code now} may still grow; if not, what waits and does not fit is dropped
     */
    void limits(int now, int most, boolean growing) {
        boolean more = now > fits || mayGrow && !growing;
        fits = now;
        mayGrow = growing;
        promised = most;
        if (more && isWaiting()) {
            session.requestFlush();
        }
    }

    private boolean isWaiting() {
        synchronized (waiting) {
            return !waiting.isEmpty();
        }
    }

    boolean isPossible() {
        return promised > 0;
    }

    /** The largest payload on a stream. */
    int maxSize(long stream) {
        return Math.max(0, promised - VarInt.length(stream / 4));
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
            Waiting last = new Waiting(frame, System.nanoTime());
            waiting.add(last);
            waitingBytes += last.cost();
            while (waitingBytes > capacity && waiting.size() > 1) {
                take().release();
            }
            if (asked) {
                return true;
            }
            asked = true;
        }
        session.onLoop(session::requestFlush);
        return true;
    }

    /** Passes on to quiche what waits, as far as it has room. */
    void flush(QuicChannel channel) {
        boolean room = true;
        while (room && offer(channel)) {
            room = refused.isEmpty() && offered.isEmpty();
        }
        if (!room && !pausing) {
            pausing = true;
            session.soon(
                    () -> {
                        pausing = false;
                        session.requestFlush();
                    },
                    AGAIN_NANOS);
        }
    }

    /** Gives quiche a batch; whether there was one. */
    private boolean offer(QuicChannel channel) {
        long now = System.nanoTime();
        int count = 0;
        for (ByteBuf frame = next(now); frame != null; frame = count < BATCH ? next(now) : null) {
            offered.add(frame);
            channel.write(frame.retain(), channel.voidPromise());
            channel.write(receipt, channel.voidPromise());
            receipt.written();
            count++;
        }
        if (count > 0) {
            channel.flush();
        }
        return count > 0;
    }

    /** The next that fits; others wait for their time, or had it. */
    @Nullable private ByteBuf next(long now) {
        ByteBuf again = refused.poll();
        if (again != null) {
            return again;
        }
        synchronized (waiting) {
            Waiting one = waiting.peek();
            while (one != null && isToBeDropped(one, now)) {
                take().release();
                one = waiting.peek();
            }
            asked = one != null; // also if it waits: whoever lets it go flushes
            return one == null || one.frame.readableBytes() > fits ? null : take();
        }
    }

    private boolean isToBeDropped(Waiting one, long now) {
        if (one.frame.readableBytes() > fits) {
            return !mayGrow;
        }
        return codel.drops(now - one.since, waiting.size() == 1, now);
    }

    private ByteBuf take() {
        Waiting one = waiting.remove();
        waitingBytes -= one.cost();
        return one.frame;
    }

    /** The session is over. */
    void close() {
        synchronized (waiting) {
            closed = true;
            waiting.forEach(one -> one.frame.release());
            waiting.clear();
        }
        refused.forEach(ByteBuf::release);
        refused.clear();
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
