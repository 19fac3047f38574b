package dev.masque.core.memory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How many bytes may be sent on all streams of a session, and which streams wait for that. For one thread. */
final class SendWindow {
    private final Set<MemoryByteStream> waiting = new LinkedHashSet<>();
    private long left;

    SendWindow(long bytes) {
        left = bytes;
    }

    long left() {
        return left;
    }

    void take(int bytes) {
        left -= bytes;
    }

    void await(MemoryByteStream stream) {
        waiting.add(stream);
    }

    /** The peer has read bytes: those that waited longest go first. */
    void add(int bytes) {
        left += bytes;
        List<MemoryByteStream> next = List.copyOf(waiting);
        waiting.clear();
        next.forEach(MemoryByteStream::drainOut);
    }
}
