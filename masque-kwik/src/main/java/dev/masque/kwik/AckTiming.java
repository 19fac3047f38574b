package dev.masque.kwik;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tech.kwik.core.common.PnSpace;
import tech.kwik.core.frame.AckFrame;
import tech.kwik.core.impl.FrameReceivedListener;

/**
 * Keeps acknowledgements from coming too early for kwik. It gives a packet to the socket before it notes that it was sent: an
 * acknowledgement that wins that race is forgotten, and the packet counts as lost. And its clock has milliseconds: a round
 * trip of 0 makes a loss delay of 0, by which everything in flight is lost at once, or with assertions the connection ends.
 * So acknowledgements wait here until their packets are noted, and take two milliseconds at least (RFC 9002, 6.1.2 demands
 * one). Thread-safe.
 */
final class AckTiming implements FrameReceivedListener<AckFrame> {
    private static final long GRANULARITY_MILLIS = 2;
    private static final int SPINS = 200;
    private static final long NAP = TimeUnit.MICROSECONDS.toNanos(20);

    /** Who acknowledges what was never sent waits this long, once. */
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

    private final FrameReceivedListener<AckFrame> kwik;
    private final PacketWatch watch;

    AckTiming(FrameReceivedListener<AckFrame> kwik, PacketWatch watch) {
        this.kwik = kwik;
        this.watch = watch;
    }

    @Override
    public void received(AckFrame frame, PnSpace space, Instant time) {
        awaitNoted(space, frame.getLargestAcknowledged());
        kwik.received(frame, space, time.plusMillis(GRANULARITY_MILLIS));
    }

    private void awaitNoted(PnSpace space, long packet) {
        for (int i = 0; i < SPINS && watch.largestSent(space) < packet; i++) {
            Thread.onSpinWait();
        }
        long start = System.nanoTime();
        while (watch.largestSent(space) < packet) {
            if (System.nanoTime() - start > PATIENCE) {
                watch.noted(space, packet);
                return;
            }
            LockSupport.parkNanos(NAP);
        }
    }
}
