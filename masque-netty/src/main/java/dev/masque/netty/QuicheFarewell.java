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
 * what quiche still holds; so this waits until nothing but acknowledgements leaves for as long as it takes to see one loss and
 * mend it. For the event loop only.
 */
final class QuicheFarewell {
    private static final long MOST = TimeUnit.SECONDS.toNanos(2);
    private static final long LONGEST_LOOK = TimeUnit.MILLISECONDS.toNanos(500);

    /** The peer's delay of acknowledgements, RFC 9000, 18.2, and what a busy machine adds. */
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(50);

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
            new QuicheFarewell(session, channel, cutOff, since + MOST).look(null);
        }
    }

    private void look(@Nullable QuicConnectionPathStats before) {
        channel.collectPathStats(0).addListener((Future<QuicConnectionPathStats> stats) -> {
            QuicConnectionPathStats now = stats.isSuccess() ? stats.getNow() : null;
            if (now == null || before != null && isQuiet(before, now)) {
                session.closeNow();
                return;
            }
            long again = Math.min(LONGEST_LOOK, 3 * now.rtt() + DELAY);
            if (System.nanoTime() - deadline < 0) {
                session.schedule(() -> look(now), again);
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
