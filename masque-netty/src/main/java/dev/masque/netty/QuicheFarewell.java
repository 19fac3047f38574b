package dev.masque.netty;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection so that what its last streams sent arrives: quiche sends nothing again once it is closed. What the peer
 * has acknowledged is not told, so this waits as long as it takes to see one loss and mend it, half a second at most. For the
 * event loop only.
 */
final class QuicheFarewell {
    private static final long MOST = TimeUnit.MILLISECONDS.toNanos(500);

    /** The peer's delay of acknowledgements, RFC 9000, 18.2, and what a busy machine adds. */
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(50);

    private QuicheFarewell() {}

    static void say(QuicheSession session, QuicChannel channel, long lastEnd) {
        if (System.nanoTime() - lastEnd > MOST) {
            session.closeNow();
            return;
        }
        channel.collectPathStats(0).addListener((Future<QuicConnectionPathStats> stats) -> {
            long roundTrip =
                    stats.isSuccess() && stats.getNow() != null ? stats.getNow().rtt() : MOST;
            long wait = Math.min(MOST, 3 * roundTrip + DELAY) - (System.nanoTime() - lastEnd);
            if (wait <= 0) {
                session.closeNow();
            } else {
                session.schedule(session::closeNow, wait);
            }
        });
    }
}
