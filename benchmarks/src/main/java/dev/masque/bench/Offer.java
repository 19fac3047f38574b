package dev.masque.bench;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * What came of datagrams that were offered at a steady rate.
 *
 * @param offered how many
 * @param sent how many of them were taken
 * @param delivered how many arrived
 * @param seconds how long it took to offer them
 */
record Offer(long offered, long sent, long delivered, double seconds) {
    /** Datagrams a second that every path here carries. */
    static final double FIRST = 10_000;

    private static final double STEP = 1.25;
    private static final double LAST = 300_000;
    private static final double OVERLOADED = 0.6;
    private static final int BURST = 32;
    private static final long SETTLE_NANOS = 300_000_000;

    /** Sends a datagram. */
    interface Sender {
        boolean send() throws IOException;
    }

    /** Counts what has arrived. */
    interface Counter {
        long count() throws IOException;
    }

    double rate() {
        return delivered / seconds;
    }

    double share() {
        return (double) delivered / offered;
    }

    /** Offers more and more until much is dropped; the most that was delivered. */
    static Offer peak(Sender sender, Counter counter, double seconds) throws IOException {
        Offer best = make(sender, counter, FIRST, seconds, true);
        for (double rate = FIRST * STEP; rate < LAST; rate *= STEP) {
            Offer next = make(sender, counter, rate, seconds, true);
            best = next.rate() > best.rate() ? next : best;
            if (next.rate() < OVERLOADED * rate) {
                break;
            }
        }
        return best;
    }

    /** Offers so many a second, in small bursts; late ones are caught up with, as a sender with a clock would. */
    static Offer make(Sender sender, Counter counter, double perSecond, double seconds, boolean settle)
            throws IOException {
        long before = counter.count();
        long began = System.nanoTime();
        long end = began + (long) (seconds * 1e9);
        long offered = 0;
        long sent = 0;
        for (long now = began; now < end; now = System.nanoTime()) {
            long due = (long) ((now - began) / 1e9 * perSecond);
            for (int i = 0; i < BURST && offered < due; i++) {
                offered++;
                sent += sender.send() ? 1 : 0;
            }
            LockSupport.parkNanos(offered < due ? 1_000 : 200_000);
        }
        double took = (System.nanoTime() - began) / 1e9;
        long until = System.nanoTime() + (settle ? SETTLE_NANOS : 0);
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(10_000_000);
        }
        return new Offer(offered, sent, counter.count() - before, took);
    }
}
