package dev.masque.server.event;

/**
 * Takes what happens on a server, for metrics and accounting. Called on the threads of connections, several at once: must be
 * thread-safe and must not block. What it throws is caught and logged at DEBUG.
 */
public interface ServerListener {
    /**
     * A client connected: TLS and HTTP are ready.
     *
     * @param event what is known of the connection
     */
    default void connectionOpened(ConnectionOpened event) {}

    /**
     * A client's connection is over.
     *
     * @param event how it ended
     */
    default void connectionClosed(ConnectionClosed event) {}

    /**
     * The authenticators were asked.
     *
     * @param event what they said
     */
    default void authenticated(AuthenticationChecked event) {}

    /**
     * A request was answered, be it for a tunnel or an ordinary one.
     *
     * @param event what was answered, and how long it took
     */
    default void requestAnswered(RequestAnswered event) {}

    /**
     * An egress pool cannot be used, and is out for a while.
     *
     * @param event the pool
     */
    default void egressPoolUnavailable(EgressPoolUnavailable event) {}

    /**
     * Something that the server works by was read again, or could not be.
     *
     * @param event what
     */
    default void configurationReloaded(ConfigurationReloaded event) {}

    /**
     * A tunnel stands.
     *
     * @param event the tunnel
     */
    default void tunnelOpened(TunnelOpened event) {}

    /**
     * A tunnel is over.
     *
     * @param event what it carried, and how it ended
     */
    default void tunnelClosed(TunnelClosed event) {}
}
