package dev.masque.kwik;

import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.cc.NewRenoCongestionController;
import tech.kwik.core.common.PnSpace;
import tech.kwik.core.frame.AckFrame;
import tech.kwik.core.impl.FrameReceivedListener;
import tech.kwik.core.impl.QuicConnectionImpl;
import tech.kwik.core.send.SenderImpl;

/**
 * Lets kwik's congestion window grow on datagrams. Kwik grows it only if it was used up but for 3 bytes, which streams do and
 * whole datagrams never; and it shrinks to less than two packets, where every packet waits for a delayed acknowledgement.
 * This stands before kwik's own listener for acknowledgements and grows the window where one packet of slack was left, by the
 * rules of RFC 9002, 7.3, never while kwik recovers from a loss. Losses and everything else stay kwik's. Thread-safe.
 */
final class CongestionRepair implements FrameReceivedListener<AckFrame> {
    /** One packet. */
    private static final int SLACK = 1_300;

    private static final int MINIMUM_WINDOW = 2 * SLACK;

    /** More than the receive buffers of most systems hold at once. */
    private static final long MAXIMUM_WINDOW = 4L << 20;

    private static final Field LISTENER = Kwik.field(QuicConnectionImpl.class, "recoveryManager");
    private static final Field WINDOW =
            Kwik.field("tech.kwik.core.cc.AbstractCongestionController", "congestionWindow");
    private static final Field MINIMUM = Kwik.field(NewRenoCongestionController.class, "kMinimumWindow");
    private static final Field THRESHOLD = Kwik.field(NewRenoCongestionController.class, "slowStartThreshold");
    private static final Field RECOVERY = Kwik.field(NewRenoCongestionController.class, "congestionRecoveryStartTime");

    private final FrameReceivedListener<AckFrame> kwik;
    private final SenderImpl sender;
    private final NewRenoCongestionController controller;

    private CongestionRepair(
            FrameReceivedListener<AckFrame> kwik, SenderImpl sender, NewRenoCongestionController controller) {
        this.kwik = kwik;
        this.sender = sender;
        this.controller = controller;
    }

    /** Repairs a connection, before it has received anything. */
    @SuppressWarnings("unchecked")
    static void install(QuicConnection connection, PacketWatch watch) {
        SenderImpl sender = Kwik.sender(connection);
        if (!(sender.getCongestionController() instanceof NewRenoCongestionController controller)) {
            throw new IllegalStateException("kwik has another congestion controller than the one to be repaired");
        }
        FrameReceivedListener<AckFrame> listener = (FrameReceivedListener<AckFrame>) Kwik.get(LISTENER, connection);
        Kwik.set(MINIMUM, controller, MINIMUM_WINDOW);
        ((QuicConnectionImpl) connection)
                .addAckFrameReceivedListener(new AckTiming(new CongestionRepair(listener, sender, controller), watch));
    }

    @Override
    public void received(AckFrame frame, PnSpace space, Instant time) {
        long window = controller.getWindowSize();
        long inFlight = controller.getBytesInFlight();
        kwik.received(frame, space, time);
        boolean limited = inFlight + SLACK >= window;
        long acknowledged =
                inFlight - controller.getBytesInFlight(); // what was sent meanwhile makes it less, never more
        if (limited && acknowledged > 0 && controller.getWindowSize() == window && !isRecovering()) {
            synchronized (controller) {
                if (controller.getWindowSize() == window) {
                    boolean slowStart = window < (long) Kwik.get(THRESHOLD, controller);
                    long growth = slowStart ? acknowledged : Math.max(1, SLACK * acknowledged / window);
                    Kwik.set(WINDOW, controller, Math.max(window, Math.min(window + growth, MAXIMUM_WINDOW)));
                }
            }
            sender.flush();
        }
    }

    /** RFC 9002, 7.3.2: until a packet that was sent after the loss is acknowledged, which takes a round trip. */
    private boolean isRecovering() {
        Instant start = (Instant) Kwik.get(RECOVERY, controller);
        return start.isAfter(Instant.EPOCH)
                && Duration.between(start, Instant.now()).toMillis()
                        <= sender.getStatistics().smoothedRtt();
    }
}
