package dev.masque.core.memory;

import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A port of a {@link MemoryTransport} and the sessions that came through it. */
final class MemoryListening implements Listening {
    private final MemoryTransport transport;
    private final ListenOptions options;
    private final SessionHandler handler;
    private final Set<MemorySession> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean released;

    @Nullable private volatile InetSocketAddress address;

    MemoryListening(MemoryTransport transport, ListenOptions options, SessionHandler handler) {
        this.transport = transport;
        this.options = options;
        this.handler = handler;
    }

    void bound(InetSocketAddress where) {
        address = where;
    }

    MemoryTransport transport() {
        return transport;
    }

    ListenOptions options() {
        return options;
    }

    SessionHandler handler() {
        return handler;
    }

    /** Takes a session; false if it came too late. */
    boolean add(MemorySession session) {
        sessions.add(session);
        session.gone().thenRun(() -> sessions.remove(session));
        return !released;
    }

    @Override
    public InetSocketAddress address() {
        return Objects.requireNonNull(address, "not bound");
    }

    @Override
    public void drain() {
        release();
        sessions.forEach(MemorySession::drain);
    }

    @Override
    public void close() {
        release();
        sessions.forEach(MemorySession::close);
    }

    private void release() {
        released = true;
        transport.ports().release(this);
    }
}
