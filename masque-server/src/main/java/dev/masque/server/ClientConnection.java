package dev.masque.server;

import dev.masque.core.spi.HttpSession;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A client's connection, with what is kept for it. Thread-safe. */
final class ClientConnection {
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final AtomicInteger tunnels = new AtomicInteger();
    private final HttpSession session;
    private final long since;

    ClientConnection(HttpSession session, long since) {
        this.session = session;
        this.since = since;
    }

    long id() {
        return id;
    }

    HttpSession session() {
        return session;
    }

    /** The port that the client reached. */
    int localPort() {
        return session.info().localAddress().getPort();
    }

    long since() {
        return since;
    }

    AtomicInteger tunnels() {
        return tunnels;
    }
}
