package dev.masque.server;

import dev.masque.core.spi.SessionLimits;
import java.time.Duration;

/**
 * What a server spends on its clients. Immutable. Start from {@link #defaults()} and change with the {@code with} methods.
 *
 * @param maxConnections connections of clients at once; more are closed
 * @param maxTunnels tunnels in all, those that are being set up included; more are refused with 503
 * @param maxTunnelsPerConnection the same for one connection
 * @param newTunnelsPerSecond new tunnels of one principal, see {@link dev.masque.server.auth.Principal}; twice as many may
 *     come at once
 * @param maxRequests ordinary requests that are being handled at once; more are refused with 503
 * @param resolveTimeout for the name of a target, and for authenticators
 * @param connectTimeout for all addresses of a target together
 * @param tcpIdleTimeout a TCP tunnel in which nothing moves ends after this
 * @param udpIdleTimeout a UDP tunnel in which nothing moves ends after this; RFC 9298, 3.1 wants two minutes or more
 * @param halfCloseTimeout a TCP tunnel of which one direction has ended and in the other nothing moves ends after this
 * @param session what the connections of clients may cost: streams, header sizes, windows, handshake and idle time-outs
 */
public record ServerLimits(
        int maxConnections,
        int maxTunnels,
        int maxTunnelsPerConnection,
        int newTunnelsPerSecond,
        int maxRequests,
        Duration resolveTimeout,
        Duration connectTimeout,
        Duration tcpIdleTimeout,
        Duration udpIdleTimeout,
        Duration halfCloseTimeout,
        SessionLimits session) {
    /** Checks the ranges. */
    public ServerLimits {
        check(maxConnections >= 1, "maxConnections");
        check(maxTunnels >= 1, "maxTunnels");
        check(maxTunnelsPerConnection >= 1, "maxTunnelsPerConnection");
        check(newTunnelsPerSecond >= 1, "newTunnelsPerSecond");
        check(maxRequests >= 1, "maxRequests");
        check(isPositive(resolveTimeout), "resolveTimeout");
        check(isPositive(connectTimeout), "connectTimeout");
        check(isPositive(tcpIdleTimeout), "tcpIdleTimeout");
        check(isPositive(udpIdleTimeout), "udpIdleTimeout");
        check(isPositive(halfCloseTimeout), "halfCloseTimeout");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void check(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range");
        }
    }

    /**
     * Limits that suit the internet.
     *
     * @return 50,000 connections, 100,000 tunnels, 1,000 a connection, 1,000 new ones a second, 256 ordinary requests; 5 s,
     *     10 s, 30 min, 2 min, 1 min; {@link SessionLimits#defaults()}
     */
    public static ServerLimits defaults() {
        return new ServerLimits(
                50_000,
                100_000,
                1_000,
                1_000,
                256,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(30),
                Duration.ofMinutes(2),
                Duration.ofMinutes(1),
                SessionLimits.defaults());
    }

    /**
     * With other numbers of tunnels.
     *
     * @param all in all, 1 or more
     * @param perConnection on one connection, 1 or more
     * @return a copy
     */
    public ServerLimits withMaxTunnels(int all, int perConnection) {
        return new ServerLimits(
                maxConnections,
                all,
                perConnection,
                newTunnelsPerSecond,
                maxRequests,
                resolveTimeout,
                connectTimeout,
                tcpIdleTimeout,
                udpIdleTimeout,
                halfCloseTimeout,
                session);
    }

    /**
     * With another number of connections.
     *
     * @param connections of clients at once, 1 or more
     * @return a copy
     */
    public ServerLimits withMaxConnections(int connections) {
        return new ServerLimits(
                connections,
                maxTunnels,
                maxTunnelsPerConnection,
                newTunnelsPerSecond,
                maxRequests,
                resolveTimeout,
                connectTimeout,
                tcpIdleTimeout,
                udpIdleTimeout,
                halfCloseTimeout,
                session);
    }

    /**
     * With other rates.
     *
     * @param newTunnels a second and principal, 1 or more
     * @return a copy
     */
    public ServerLimits withNewTunnelsPerSecond(int newTunnels) {
        return new ServerLimits(
                maxConnections,
                maxTunnels,
                maxTunnelsPerConnection,
                newTunnels,
                maxRequests,
                resolveTimeout,
                connectTimeout,
                tcpIdleTimeout,
                udpIdleTimeout,
                halfCloseTimeout,
                session);
    }

    /**
     * With another number of ordinary requests.
     *
     * @param requests that are being handled at once, 1 or more
     * @return a copy
     */
    public ServerLimits withMaxRequests(int requests) {
        return new ServerLimits(
                maxConnections,
                maxTunnels,
                maxTunnelsPerConnection,
                newTunnelsPerSecond,
                requests,
                resolveTimeout,
                connectTimeout,
                tcpIdleTimeout,
                udpIdleTimeout,
                halfCloseTimeout,
                session);
    }

    /**
     * With other time-outs for reaching targets.
     *
     * @param resolve for the name
     * @param connect for all addresses together
     * @return a copy
     */
    public ServerLimits withTargetTimeouts(Duration resolve, Duration connect) {
        return new ServerLimits(
                maxConnections,
                maxTunnels,
                maxTunnelsPerConnection,
                newTunnelsPerSecond,
                maxRequests,
                resolve,
                connect,
                tcpIdleTimeout,
                udpIdleTimeout,
                halfCloseTimeout,
                session);
    }

    /**
     * With other time-outs for tunnels that stand.
     *
     * @param tcpIdle for TCP tunnels in which nothing moves
     * @param udpIdle for UDP tunnels in which nothing moves
     * @param halfClose for TCP tunnels of which one direction has ended
     * @return a copy
     */
    public ServerLimits withIdleTimeouts(Duration tcpIdle, Duration udpIdle, Duration halfClose) {
        return new ServerLimits(
                maxConnections,
                maxTunnels,
                maxTunnelsPerConnection,
                newTunnelsPerSecond,
                maxRequests,
                resolveTimeout,
                connectTimeout,
                tcpIdle,
                udpIdle,
                halfClose,
                session);
    }

    /**
     * With other limits of connections.
     *
     * @param limits streams, header sizes, windows, handshake and idle time-outs
     * @return a copy
     */
    public ServerLimits withSession(SessionLimits limits) {
        return new ServerLimits(
                maxConnections,
                maxTunnels,
                maxTunnelsPerConnection,
                newTunnelsPerSecond,
                maxRequests,
                resolveTimeout,
                connectTimeout,
                tcpIdleTimeout,
                udpIdleTimeout,
                halfCloseTimeout,
                limits);
    }
}
