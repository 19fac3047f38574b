package dev.masque.client;

import dev.masque.core.memory.MemoryTransportProvider;
import dev.masque.core.spi.HttpSession;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The proxy's end of a session, with what the proxy can do to it. */
final class ProxiedSession {
    final List<ProxiedStream> streams = new CopyOnWriteArrayList<>();

    /** The client takes no more from it. */
    volatile boolean drained;

    volatile boolean over;

    private final HttpSession session;

    ProxiedSession(HttpSession session) {
        this.session = session;
    }

    boolean is(HttpSession other) {
        return session == other;
    }

    /** The proxy announces that it goes away. */
    void goAway() {
        session.drain();
    }

    /** The connection breaks, after what is being done with it. */
    void breaks() {
        session.executor().execute(() -> MemoryTransportProvider.cut(session));
    }

    long openStreams() {
        return streams.stream().filter(stream -> !stream.isOver()).count();
    }
}
