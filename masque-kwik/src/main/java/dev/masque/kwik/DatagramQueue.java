package dev.masque.kwik;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.common.EncryptionLevel;
import tech.kwik.core.frame.DatagramFrame;
import tech.kwik.core.frame.QuicFrame;
import tech.kwik.core.impl.QuicConnectionImpl;

/**
 * Datagrams on their way out, in order and bounded: the oldest goes first. Kwik's {@code sendDatagram} puts each at the head
 * of a queue without bound, which turns bursts round and can take all memory. Here kwik asks for the next datagram when it
 * has room in a packet; at most one such request is with it. Thread-safe.
 */
final class DatagramQueue {
    private final QuicConnectionImpl connection;
    private final int capacity;
    private final ArrayDeque<DatagramFrame> frames = new ArrayDeque<>();
    private boolean asked;
    private long dropped;

    private DatagramQueue(QuicConnectionImpl connection, int capacity) {
        this.connection = connection;
        this.capacity = capacity;
    }

    /** The queue of a connection; there is to be one only. */
    static DatagramQueue attach(QuicConnection connection, int capacity) {
        return new DatagramQueue((QuicConnectionImpl) connection, capacity);
    }

    /**
     * Takes a datagram, and drops the oldest if there is no room.
     *
     * @param payload copied; its position does not change
     * @return false if it is too large to be ever sent
     */
    boolean offer(ByteBuffer payload) {
        if (payload.remaining() > MaxDatagramSize.of(connection)) {
            return false; // kwik would keep the request, and all that follow it
        }
        byte[] copy = new byte[payload.remaining()];
        payload.duplicate().get(copy);
        DatagramFrame frame = new SentOnce(copy);
        synchronized (this) {
            if (frames.size() >= capacity) {
                frames.remove();
                dropped++;
            }
            frames.add(frame);
            if (asked) {
                return true;
            }
            asked = true;
        }
        ask(frame.getFrameLength());
        return true;
    }

    /** How many were dropped for want of room. */
    synchronized long dropped() {
        return dropped;
    }

    private void ask(int length) {
        connection.send(this::next, length, EncryptionLevel.App, lost -> {}, true);
    }

    /** Called by kwik's sender with the room that there is in a packet. */
    @Nullable private QuicFrame next(int room) {
        DatagramFrame frame;
        int following;
        synchronized (this) {
            frame = frames.peek();
            if (frame == null) {
                asked = false;
                return null;
            }
            if (frame.getFrameLength() > room) {
                following = frame.getFrameLength(); // the one that the request was for has been dropped
                frame = null;
            } else {
                frames.remove();
                DatagramFrame head = frames.peek();
                asked = head != null;
                following = head == null ? 0 : head.getFrameLength();
            }
        }
        if (following > 0) {
            ask(following);
        }
        return frame;
    }
}
