package dev.masque.client;

import dev.masque.core.spi.SessionLimits;

/**
 * What a client may use. Immutable. Start from {@link #defaults()} and change with the {@code with} methods.
 *
 * @param maxSessions sessions to the proxy that are open for new tunnels, 1 or more; on HTTP/1.1 the number of tunnels
 * @param maxWaiting tunnels that wait for a session, 1 or more
 * @param receiveBuffer bytes that one TCP tunnel holds until they are read, 4096 or more; above it the proxy is held back
 * @param datagramQueue datagrams that one UDP tunnel holds until they are received, 1 or more; then the oldest is dropped
 * @param maxForwarded connections, or sources of datagrams, that one {@link Forwarding} serves at once, 1 or more
 * @param session what a session may cost
 */
public record ClientLimits(
        int maxSessions,
        int maxWaiting,
        int receiveBuffer,
        int datagramQueue,
        int maxForwarded,
        SessionLimits session) {
    /** Checks the ranges. */
    public ClientLimits {
        check(maxSessions >= 1, "maxSessions");
        check(maxWaiting >= 1, "maxWaiting");
        check(receiveBuffer >= 4096, "receiveBuffer");
        check(datagramQueue >= 1, "datagramQueue");
        check(maxForwarded >= 1, "maxForwarded");
    }

    private static void check(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range");
        }
    }

    /**
     * Limits that suit an application.
     *
     * @return 256 sessions, 1,000 waiting, 256 KiB, 256 datagrams, 256 forwarded, {@link SessionLimits#defaults()}
     */
    public static ClientLimits defaults() {
        return new ClientLimits(256, 1_000, 256 << 10, 256, 256, SessionLimits.defaults());
    }

    /**
     * With other numbers of sessions.
     *
     * @param sessions sessions to the proxy that are open for new tunnels
     * @param waiting tunnels that wait for a session
     * @return a copy
     */
    public ClientLimits withSessions(int sessions, int waiting) {
        return new ClientLimits(sessions, waiting, receiveBuffer, datagramQueue, maxForwarded, session);
    }

    /**
     * With other buffers.
     *
     * @param bytes that one TCP tunnel holds
     * @param datagrams that one UDP tunnel holds
     * @return a copy
     */
    public ClientLimits withBuffers(int bytes, int datagrams) {
        return new ClientLimits(maxSessions, maxWaiting, bytes, datagrams, maxForwarded, session);
    }

    /**
     * With another size of forwardings.
     *
     * @param forwarded connections, or sources of datagrams, at once
     * @return a copy
     */
    public ClientLimits withMaxForwarded(int forwarded) {
        return new ClientLimits(maxSessions, maxWaiting, receiveBuffer, datagramQueue, forwarded, session);
    }

    /**
     * With other limits of sessions.
     *
     * @param limits what a session may cost
     * @return a copy
     */
    public ClientLimits withSession(SessionLimits limits) {
        return new ClientLimits(maxSessions, maxWaiting, receiveBuffer, datagramQueue, maxForwarded, limits);
    }
}
