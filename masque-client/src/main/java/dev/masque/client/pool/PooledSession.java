package dev.masque.client.pool;

import dev.masque.client.event.SessionOpened;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.StreamHandler;
import java.util.function.Function;

/**
 * A session of a {@link SessionPool}, with a place on it that is kept for the caller until it calls {@link #open} or {@link
 * #release}. Thread-safe.
 */
public final class PooledSession {
    private final HttpSession session;
    private final SessionPool pool;
    private final int rank;
    private final SessionOpened opened;

    /** Places that are kept. Guarded by the pool's lock. */
    int reserved;

    /** No new streams. Guarded by the pool's lock. */
    boolean draining;

    /** An answer came. */
    private volatile boolean proven;

    private volatile long lastHeard = System.nanoTime();

    PooledSession(HttpSession session, SessionPool pool, int rank, int hop) {
        this.session = session;
        this.pool = pool;
        this.rank = rank;
        this.opened = new SessionOpened(
                session.info().version(),
                session.info().transport(),
                session.info().handshake(),
                hop);
    }

    /**
     * The session itself.
     *
     * @return the session
     */
    public HttpSession session() {
        return session;
    }

    /**
     * Opens a stream on the place that was kept.
     *
     * @param head the request
     * @param handler makes the handler of the stream
     * @return the stream
     */
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> handler) {
        try {
            return session.open(head, handler);
        } finally {
            release();
        }
    }

    /** Gives the place back unused. */
    public void release() {
        pool.release(this);
    }

    /** Something arrived from the proxy on this session. */
    public void heard() {
        lastHeard = System.nanoTime();
    }

    /** The proxy answered a request on this session. */
    public void answered() {
        heard();
        if (!proven) {
            proven = true;
            pool.proven();
        }
    }

    /**
     * Gives the session up for new streams if nothing was heard on it since a moment: its proxy may be gone without a word.
     *
     * @param nanoTime the moment, as {@link System#nanoTime()}
     */
    public void suspectIfSilentSince(long nanoTime) {
        if (lastHeard - nanoTime < 0) {
            pool.drain(this);
        }
    }

    boolean isProven() {
        return proven;
    }

    int rank() {
        return rank;
    }

    SessionOpened opened() {
        return opened;
    }
}
