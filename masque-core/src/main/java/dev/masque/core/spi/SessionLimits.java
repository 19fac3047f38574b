package dev.masque.core.spi;

import java.time.Duration;

/**
 * What a session may cost. Immutable. Start from {@link #defaults()} and change with the {@code with} methods.
 *
 * @param maxStreams streams that a peer may have open at once on one session, 1 or more; HTTP/3 on quiche grants 128 at most
 * @param maxFieldSectionSize bytes of one header section, names and values and 32 a field (RFC 9113, 6.5.2), 1024 or more
 * @param streamWindow bytes that a peer may send on one stream before they are read, 16384 or more
 * @param sessionWindow bytes that a peer may send on all streams of a session before they are read; not under streamWindow
 * @param datagramQueue datagrams of full size that wait in each direction of one session, 1 or more; of small ones more may;
 *     HTTP/3 on kwik keeps 256 at most
 * @param handshakeTimeout from the first packet to the end of the handshakes; also for the first request on HTTP/1.1
 * @param idleTimeout a session without open streams is closed after this
 */
public record SessionLimits(
        int maxStreams,
        int maxFieldSectionSize,
        int streamWindow,
        int sessionWindow,
        int datagramQueue,
        Duration handshakeTimeout,
        Duration idleTimeout) {
    /** Checks the ranges. */
    public SessionLimits {
        check(maxStreams >= 1, "maxStreams");
        check(maxFieldSectionSize >= 1024, "maxFieldSectionSize");
        check(streamWindow >= 16_384, "streamWindow");
        check(sessionWindow >= streamWindow, "sessionWindow");
        check(datagramQueue >= 1, "datagramQueue");
        check(!handshakeTimeout.isNegative() && !handshakeTimeout.isZero(), "handshakeTimeout");
        check(!idleTimeout.isNegative() && !idleTimeout.isZero(), "idleTimeout");
    }

    private static void check(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range");
        }
    }

    /**
     * Limits that suit the internet.
     *
     * @return 1,000 streams, 16 KiB of fields, windows of 1 MiB and 4 MiB, 2,048 datagrams, 10 s, 5 min
     */
    public static SessionLimits defaults() {
        return new SessionLimits(
                1_000, 16 << 10, 1 << 20, 4 << 20, 2_048, Duration.ofSeconds(10), Duration.ofMinutes(5));
    }

    /**
     * With another number of streams.
     *
     * @param streams streams that a peer may have open at once, 1 or more
     * @return a copy
     */
    public SessionLimits withMaxStreams(int streams) {
        return new SessionLimits(
                streams,
                maxFieldSectionSize,
                streamWindow,
                sessionWindow,
                datagramQueue,
                handshakeTimeout,
                idleTimeout);
    }

    /**
     * With another size of header sections.
     *
     * @param bytes as RFC 9113, 6.5.2 counts them, 1024 or more
     * @return a copy
     */
    public SessionLimits withMaxFieldSectionSize(int bytes) {
        return new SessionLimits(
                maxStreams, bytes, streamWindow, sessionWindow, datagramQueue, handshakeTimeout, idleTimeout);
    }

    /**
     * With other flow-control windows.
     *
     * @param stream bytes on one stream, 16384 or more
     * @param session bytes on all streams of a session, not under {@code stream}
     * @return a copy
     */
    public SessionLimits withWindows(int stream, int session) {
        return new SessionLimits(
                maxStreams, maxFieldSectionSize, stream, session, datagramQueue, handshakeTimeout, idleTimeout);
    }

    /**
     * With other time-outs.
     *
     * @param handshake from the first packet to the end of the handshakes
     * @param idle for a session without open streams
     * @return a copy
     */
    public SessionLimits withTimeouts(Duration handshake, Duration idle) {
        return new SessionLimits(
                maxStreams, maxFieldSectionSize, streamWindow, sessionWindow, datagramQueue, handshake, idle);
    }
}
