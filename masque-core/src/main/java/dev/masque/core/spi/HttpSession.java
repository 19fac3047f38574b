package dev.masque.core.spi;

import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * One connection that speaks HTTP: to a proxy on the client, from a client on the server. Thread-safe; no method blocks.
 */
public interface HttpSession extends AutoCloseable {
    /**
     * What is known of the connection.
     *
     * @return the same value for the whole life of the session
     */
    SessionInfo info();

    /**
     * Sends a request, on the client only.
     *
     * @param head the request; flushed at once
     * @param handler makes the stream's handler; called once, before this returns. If the session is closed or has no
     *     stream left, the handler's {@code closed} is called with {@link ResetReason#REFUSED}
     * @return the stream, paused
     * @throws IllegalStateException on a server
     */
    HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> handler);

    /**
     * How many streams {@link #open} can open now: bounded by the peer's limit; 0 once the session drains or is closed. On
     * HTTP/1.1, 1 while no request is under way.
     *
     * @return 0 or more
     */
    int availableStreams();

    /**
     * Whether the peer takes extended CONNECT (its SETTINGS_ENABLE_CONNECT_PROTOCOL was seen; on HTTP/1.1 always true).
     *
     * @return true if {@link #open} may send a head with {@code :protocol}
     */
    boolean supportsExtendedConnect();

    /** Takes no new streams and says so (GOAWAY); those that are there go on, and with the last the session closes. */
    void drain();

    /** Closes the connection now; every stream ends with {@link ResetReason#SESSION_LOST}. Does not wait. No effect the second time. */
    @Override
    void close();

    /**
     * The thread of all callbacks of this session and its streams.
     *
     * @return an executor whose tasks run one at a time
     */
    Executor executor();
}
