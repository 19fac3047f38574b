package dev.masque.client.event;

/**
 * Takes what happens on a client, for metrics. Called on the client's and the transports' threads, several at once: must be
 * thread-safe and must not block. What it throws is caught and logged at DEBUG.
 */
public interface ClientListener {
    /**
     * A session to the proxy stands.
     *
     * @param event what is known of it
     */
    default void sessionOpened(SessionOpened event) {}

    /**
     * A session to the proxy is over.
     *
     * @param event how it ended
     */
    default void sessionClosed(SessionClosed event) {}

    /**
     * No session to the proxy could be made.
     *
     * @param event why
     */
    default void connectFailed(ConnectFailed event) {}

    /**
     * A tunnel stands.
     *
     * @param event the tunnel
     */
    default void tunnelOpened(TunnelOpened event) {}

    /**
     * A tunnel could not be opened.
     *
     * @param event why
     */
    default void tunnelFailed(TunnelFailed event) {}

    /**
     * A tunnel is over.
     *
     * @param event what it carried, and how it ended
     */
    default void tunnelClosed(TunnelClosed event) {}
}
