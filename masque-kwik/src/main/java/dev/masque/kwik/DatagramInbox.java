package dev.masque.kwik;

import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * HTTP Datagrams that arrived as QUIC DATAGRAM frames, RFC 9297, 2.1, on their way to the session's executor, and those that
 * came before their stream. Bounded: the oldest go first. Thread-safe.
 */
final class DatagramInbox {
    private static final long MAX_QUARTER = (1L << 60) - 1;
    private static final int EARLY = 64;

    private final int capacity;
    private final ArrayDeque<Arrived> waiting = new ArrayDeque<>();
    private final ArrayDeque<Arrived> early = new ArrayDeque<>();
    private boolean asked;

    /**
     * One datagram.
     *
     * @param stream the stream's id
     * @param payload the HTTP Datagram Payload
     */
    record Arrived(long stream, ByteBuffer payload) {}

    DatagramInbox(int capacity) {
        this.capacity = capacity;
    }

    /** Takes a frame's data; true if {@link #take} is to be called. */
    boolean add(byte[] frame) throws H3Exception {
        ByteBuffer data = ByteBuffer.wrap(frame);
        long quarter = VarInt.read(data);
        if (quarter < 0 || quarter > MAX_QUARTER) {
            throw H3Exception.connection(H3.DATAGRAM_ERROR, "a datagram without a stream");
        }
        synchronized (this) {
            if (waiting.size() >= capacity) {
                waiting.remove();
            }
            waiting.add(new Arrived(4 * quarter, data.slice()));
            boolean ask = !asked;
            asked = true;
            return ask;
        }
    }

    /** Everything that arrived. */
    synchronized List<Arrived> take() {
        asked = false;
        List<Arrived> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    /** Keeps a datagram whose stream may come. */
    synchronized void keep(Arrived datagram) {
        if (early.size() >= EARLY) {
            early.remove();
        }
        early.add(datagram);
    }

    /** What was kept for a stream. */
    synchronized List<Arrived> release(long stream) {
        if (early.isEmpty()) {
            return List.of();
        }
        List<Arrived> kept = new ArrayList<>();
        early.removeIf(datagram -> datagram.stream() == stream && kept.add(datagram));
        return kept;
    }
}
