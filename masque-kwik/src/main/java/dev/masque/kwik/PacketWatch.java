package dev.masque.kwik;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.common.PnSpace;
import tech.kwik.core.frame.ConnectionCloseFrame;
import tech.kwik.core.frame.QuicFrame;
import tech.kwik.core.frame.ResetStreamFrame;
import tech.kwik.core.frame.StopSendingFrame;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.packet.QuicPacket;

/**
 * Sees what kwik does not pass on. Kwik drops the error codes of RESET_STREAM and STOP_SENDING and says nothing of the
 * latter, and it gives up a connection on an internal error without an event; but it shows every packet that it decrypted,
 * and every such error, to its logger. Logs nothing.
 */
final class PacketWatch extends NullLogger {
    private static final int NONE = -1;

    @Nullable private volatile Listener listener;

    @Nullable private volatile Throwable abortion;

    private volatile int alert = NONE;

    private final AtomicLong ofInitials = new AtomicLong(-1);
    private final AtomicLong ofHandshake = new AtomicLong(-1);
    private final AtomicLong ofApplication = new AtomicLong(-1);

    /** Called on kwik's threads; must not block. A frame may be seen twice, and before the stream is known. */
    interface Listener {
        void resetSeen(int stream, long code);

        void stopSendingSeen(int stream, long code);

        void aborted(Throwable cause);
    }

    void listener(Listener to) {
        listener = to;
        Throwable earlier = abortion;
        if (earlier != null) {
            to.aborted(earlier);
        }
    }

    /** Why kwik gave the connection up, or null. */
    @Nullable Throwable abortion() {
        return abortion;
    }

    /** The TLS alert with which the peer closed the connection, RFC 9001, 4.8, if it did so with one. */
    OptionalInt alert() {
        int seen = alert;
        return seen == NONE ? OptionalInt.empty() : OptionalInt.of(seen);
    }

    /** The largest number of a packet that kwik has noted as sent. */
    long largestSent(PnSpace space) {
        return largest(space).get();
    }

    void noted(PnSpace space, long packet) {
        largest(space).accumulateAndGet(packet, Math::max);
    }

    private AtomicLong largest(PnSpace space) {
        return switch (space) {
            case Initial -> ofInitials;
            case Handshake -> ofHandshake;
            case App -> ofApplication;
        };
    }

    /** Called after kwik has noted the packets. */
    @Override
    public void sent(Instant time, List<QuicPacket> packets) {
        for (QuicPacket packet : packets) {
            PnSpace space = packet.getPnSpace();
            Long number = packet.getPacketNumber();
            if (space != null && number != null) { // else it has none
                noted(space, number);
            }
        }
    }

    @Override
    public void received(Instant time, int datagram, QuicPacket packet) {
        Listener to = listener;
        for (QuicFrame frame : packet.getFrames()) {
            if (frame instanceof ConnectionCloseFrame close && close.hasTlsError()) {
                alert = (int) close.getTlsError();
            } else if (to != null && frame instanceof ResetStreamFrame reset) {
                to.resetSeen(reset.getStreamId(), reset.getErrorCode());
            } else if (to != null && frame instanceof StopSendingFrame stop) {
                to.stopSendingSeen(stop.getStreamId(), stop.getErrorCode());
            }
        }
    }

    @Override
    public void error(String message, Throwable error) {
        if (message.startsWith("Aborting connection") || message.endsWith("aborted due to internal error")) {
            abortion = error;
            Listener to = listener;
            if (to != null) {
                to.aborted(error);
            }
        }
    }
}
