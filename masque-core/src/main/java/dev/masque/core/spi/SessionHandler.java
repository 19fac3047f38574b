package dev.masque.core.spi;

import org.jspecify.annotations.Nullable;

/** Takes what happens on sessions. Called one at a time per session, on its {@link HttpSession#executor()}; must not block. */
public interface SessionHandler {
    /**
     * A session stands: TLS and HTTP are ready. On the server, before any {@link #request}; on the client, before the stage
     * of {@link Transport#connect} completes.
     *
     * @param session the session
     */
    default void opened(HttpSession session) {}

    /**
     * A request arrived, on the server only.
     *
     * @param stream the stream, paused; its {@link HttpStream#request()} is there
     * @return the handler of that stream
     */
    StreamHandler request(HttpStream stream);

    /**
     * The peer takes no new streams (it sent GOAWAY).
     *
     * @param session the session
     */
    default void draining(HttpSession session) {}

    /**
     * A session is over. Called once, after {@code closed} of all its streams, for sessions that were {@link #opened}.
     *
     * @param session the session
     * @param cause why, or null if it was closed as it should
     */
    default void closed(HttpSession session, @Nullable Throwable cause) {}
}
