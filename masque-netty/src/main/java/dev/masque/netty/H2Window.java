package dev.masque.netty;

import dev.masque.core.spi.SessionLimits;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * How much the peer may send on a connection, RFC 9113, 5.2. What paused streams hold takes nothing from the others, up to a
 * bound: a few tunnels that nobody reads would else take the whole window. For the event loop only.
 */
final class H2Window {
    /** How many times the window of the session paused streams may hold before they slow down the rest. */
    private static final int MOST_LENT = 4;

    /** Steps in which the window follows, so that it does not change with every frame. */
    private static final int STEP = 64 << 10;

    private final Http2Connection connection;
    private final SessionLimits limits;
    private final long mostLent;
    private long held;
    private long lent;

    H2Window(Http2Connection connection, SessionLimits limits) {
        this.connection = connection;
        this.limits = limits;
        this.mostLent = Math.min((long) MOST_LENT * limits.sessionWindow(), Integer.MAX_VALUE / 2);
    }

    /** Makes the window of a new connection as large as the limits say. */
    void open() {
        try {
            int more = limits.sessionWindow() - flow().windowSize(connection.connectionStream());
            if (more > 0) {
                flow().incrementWindowSize(connection.connectionStream(), more);
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException("a new connection refuses a window", e);
        }
    }

    /** A paused stream keeps bytes that arrived. */
    void held(int bytes) throws Http2Exception {
        if (bytes > 0) {
            change(bytes);
        }
    }

    /** Bytes that were held have been delivered. */
    void consumed(Http2Stream stream, int bytes) throws Http2Exception {
        change(-bytes);
        flow().consumeBytes(stream, bytes);
    }

    /** Bytes that were held went with their stream, for which Netty returns the window. */
    void dropped(int bytes) throws Http2Exception {
        change(-bytes);
    }

    private void change(int bytes) throws Http2Exception {
        held += bytes;
        long due = Math.min(held, mostLent) / STEP * STEP;
        if (due != lent) {
            int difference = (int) (due - lent);
            lent = due;
            flow().incrementWindowSize(connection.connectionStream(), difference);
            // Netty counts what is held against the window: the peer is to hear of more once half of the rest is used
            // up
            float own = limits.sessionWindow();
            flow().windowUpdateRatio(connection.connectionStream(), (lent + own / 2) / (lent + own));
        }
    }

    private DefaultHttp2LocalFlowController flow() {
        return (DefaultHttp2LocalFlowController) connection.local().flowController();
    }
}
