package dev.masque.core.memory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Datagrams that wait in one direction of a session: a bounded number, the oldest is dropped. Thread-safe. */
final class DatagramQueue {
    private final ArrayDeque<Datagram> waiting = new ArrayDeque<>(2);
    private final int bound;

    record Datagram(MemoryStream stream, ByteBuffer payload) {}

    DatagramQueue(int bound) {
        this.bound = bound;
    }

    void add(MemoryStream stream, ByteBuffer payload) {
        add(new Datagram(stream, payload));
    }

    /** True if it is the only one now. */
    synchronized boolean add(Datagram datagram) {
        if (waiting.size() == bound) {
            waiting.remove();
        }
        waiting.add(datagram);
        return waiting.size() == 1;
    }

    @Nullable synchronized Datagram poll() {
        return waiting.poll();
    }

    synchronized void remove(MemoryStream stream) {
        waiting.removeIf(datagram -> datagram.stream() == stream);
    }
}
