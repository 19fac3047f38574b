package dev.masque.netty;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection so that what its last streams sent arrives: quiche sends nothing more once it is closed, and not even
 * CONNECTION_CLOSE while its congestion window is full. What the peer has acknowledged is not told. But quiche sends again what
 * is not acknowledged, so this waits until it has been silent for longer than its probe timeout (RFC 9002, 6.2), two seconds
 * at most. A time in which the event loop itself stood still does not count: acknowledgements wait to be read then. For the
 * event loop only.
 */
final class QuicheFarewell {
    private static final long MOST = TimeUnit.SECONDS.toNanos(2);

    /** The peer's delay of acknowledgements, RFC 9000, 18.2, and what a busy machine adds. */
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(50);

    /** The smoothed round trip and four times its variation, as large as it gets when it varies by half. */
    private static final int ROUND_TRIPS = 5;

    /** Later than this, a timer tells of an event loop that was busy or did not run. */
    private static final long PUNCTUAL = TimeUnit.MILLISECONDS.toNanos(10);

    private final QuicheSession session;
    private final QuicChannel channel;
    private final long deadline = System.nanoTime() + MOST;
    private long sent = -1;

    /** Doubles as the probe timeout does. */
    private double factor = 0.5;

    private QuicheFarewell(QuicheSession session, QuicChannel channel) {
        this.session = session;
        this.channel = channel;
    }

    /**
     * Closes soon.
     *
     * @param lastEnd when the last stream ended, {@link System#nanoTime}
     */
    static void say(QuicheSession session, QuicChannel channel, long lastEnd) {
        if (System.nanoTime() - lastEnd > MOST) {
            session.closeNow();
        } else {
            new QuicheFarewell(session, channel).look(false);
        }
    }

    private void look(boolean punctual) {
        channel.collectPathStats(0).addListener((Future<QuicConnectionPathStats> future) -> {
            QuicConnectionPathStats stats = future.isSuccess() ? future.getNow() : null;
            long now = System.nanoTime();
            if (stats == null || stats.sent() == sent && punctual || now >= deadline) {
                session.closeNow();
                return;
            }
            factor = stats.sent() == sent ? factor : 2 * factor;
            sent = stats.sent();
            long wait = Math.min(deadline - now, (long) (factor * (ROUND_TRIPS * stats.rtt() + DELAY)));
            session.schedule(() -> look(System.nanoTime() - now - wait < PUNCTUAL), wait);
        });
    }
}
