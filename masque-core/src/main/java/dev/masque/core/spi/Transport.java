package dev.masque.core.spi;

import java.util.concurrent.CompletionStage;

/**
 * Makes and accepts sessions of one or more versions of HTTP. Thread-safe. Made by a {@link TransportProvider}; owns the
 * threads that it uses.
 */
public interface Transport extends AutoCloseable {
    /**
     * Connects to a proxy.
     *
     * @param options where to, and how
     * @param handler takes what happens on the session
     * @return completes with the session when TLS stands and, on HTTP/2 and HTTP/3, the peer's SETTINGS arrived; fails with
     *     an {@link java.io.IOException}: {@link dev.masque.core.NextHopException} with the fitting type where RFC 9209 has
     *     one. Cancelling its future stops the attempt
     */
    CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler);

    /**
     * Listens for clients.
     *
     * @param options where, and how
     * @param handler takes what happens on all sessions
     * @return completes when the port is bound; fails with an {@link java.io.IOException}
     */
    CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler);

    /** Closes every session and port and ends the threads; waits for that, at most a few seconds. */
    @Override
    void close();
}
