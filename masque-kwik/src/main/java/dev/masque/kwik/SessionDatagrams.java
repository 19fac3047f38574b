package dev.masque.kwik;

import dev.masque.core.http3.H3Exception;
import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The HTTP Datagrams of a session in QUIC DATAGRAM frames, RFC 9297, 2.1, both ways. Thread-safe. */
final class SessionDatagrams {
    /** At kwik's speed, more would wait too long. */
    private static final int MOST_WAITING = 256;

    private final H3Session session;
    private final int capacity;
    private final DatagramInbox inbox;

    @Nullable private volatile DatagramQueue outbox;

    SessionDatagrams(H3Session session, int capacity) {
        this.session = session;
        this.capacity = Math.min(capacity, MOST_WAITING);
        this.inbox = new DatagramInbox(this.capacity);
    }

    /** The QUIC handshake is done. */
    void start() {
        outbox = DatagramQueue.attach(session.connection(), capacity);
    }

    /** The largest payload on a stream. */
    int maxSize(int stream) {
        return Math.max(0, MaxDatagramSize.of(session.connection()) - VarInt.length(stream / 4));
    }

    boolean send(int stream, ByteBuffer payload) {
        DatagramQueue queue = outbox;
        if (queue == null) {
            return false;
        }
        int quarter = stream / 4;
        ByteBuffer frame = ByteBuffer.allocate(VarInt.length(quarter) + payload.remaining());
        VarInt.write(frame, quarter);
        return queue.offer(frame.put(payload.duplicate()).flip());
    }

    /** Called on a thread of kwik. */
    void arrived(byte[] frame) {
        try {
            if (inbox.add(frame)) {
                session.executor().execute(this::deliver);
            }
        } catch (H3Exception e) {
            session.fail(e);
        }
    }

    private void deliver() {
        Set<H3Stream> touched = new HashSet<>();
        for (DatagramInbox.Arrived datagram : inbox.take()) {
            H3Stream stream = session.stream(datagram.stream());
            if (stream != null && stream.isKnown()) {
                stream.datagram(datagram.payload());
                touched.add(stream);
            } else if (session.isServer() && stream != null || session.isToCome(datagram.stream())) {
                inbox.keep(datagram);
            }
        }
        touched.forEach(H3Stream::endOfBatch);
    }

    /** The head of a request is there, perhaps after datagrams of it. */
    void requested(H3Stream stream) {
        List<DatagramInbox.Arrived> early = inbox.release(stream.id());
        if (!early.isEmpty()) {
            session.executor().execute(() -> {
                early.forEach(datagram -> stream.datagram(datagram.payload()));
                stream.endOfBatch();
            });
        }
    }
}
