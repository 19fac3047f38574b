package dev.masque.netty;

import dev.masque.core.spi.ResetReason;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection so that what its streams sent arrives, and that it is closed: quiche sends nothing again once it is
 * closed, and CONNECTION_CLOSE not at all where the congestion window is full. What the peer has acknowledged is not told, nor
 * what quiche still holds; so this waits until nothing but acknowledgements leaves for longer than the probe timeout (RFC 9002,
 * 6.2), after which quiche would send again. A time in which the event loop itself stood still does not count: acknowledgements
 * wait to be read then. For the event loop only.
 */
final class QuicheFarewell {
    private static final long MOST = TimeUnit.SECONDS.toNanos(2);
    private static final long LONGEST_LOOK = TimeUnit.MILLISECONDS.toNanos(500);

    /** The peer's delay of acknowledgements, RFC 9000, 18.2, and what a busy machine adds. */
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(50);

    /** The smoothed round trip and four times its variation, as large as it gets when it varies by half. */
    private static final int ROUND_TRIPS = 5;

    /** Later than this, a timer tells of an event loop that was busy or did not run. */
    private static final long PUNCTUAL = TimeUnit.MILLISECONDS.toNanos(10);

    /** Packets with nothing but acknowledgements are smaller. */
    private static final long ACKNOWLEDGEMENT = 100;

    private final QuicheSession session;
    private final QuicChannel channel;
    private final List<QuicheStream> streams;
    private final long deadline;

    private QuicheFarewell(QuicheSession session, QuicChannel channel, List<QuicheStream> streams, long deadline) {
        this.session = session;
        this.channel = channel;
        this.streams = streams;
        this.deadline = deadline;
    }

    /** Closes when what was written until some time has arrived; in the end without what streams hold that are cut off. */
    static void say(QuicheSession session, QuicChannel channel, List<QuicheStream> cutOff, long since) {
        if (System.nanoTime() - since > MOST) {
            session.closeNow();
        } else {
            new QuicheFarewell(session, channel, cutOff, since + MOST).look(null, false);
        }
    }

    private void look(@Nullable QuicConnectionPathStats before, boolean punctual) {
        channel.collectPathStats(0).addListener((Future<QuicConnectionPathStats> stats) -> {
            QuicConnectionPathStats now = stats.isSuccess() ? stats.getNow() : null;
            if (now == null || before != null && punctual && isQuiet(before, now)) {
                session.closeNow();
                return;
            }
            long again = Math.min(LONGEST_LOOK, ROUND_TRIPS * now.rtt() + DELAY);
            long due = System.nanoTime() + again;
            if (due - again - deadline < 0) {
                session.schedule(() -> look(now, System.nanoTime() - due < PUNCTUAL), again);
            } else {
                streams.forEach(stream -> session.shutdown(stream, ResetReason.CANCEL.http3Code(), true));
                session.schedule(session::closeNow, again);
            }
        });
    }

    private static boolean isQuiet(QuicConnectionPathStats before, QuicConnectionPathStats now) {
        return now.sentBytes() - before.sentBytes() <= ACKNOWLEDGEMENT * (now.sent() - before.sent());
    }
}
