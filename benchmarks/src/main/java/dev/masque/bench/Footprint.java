package dev.masque.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * What the processes of a subject hold of memory.
 *
 * @param heap bytes of the Java heap in use after a collection; not a number for what is not ours to ask
 * @param direct bytes of direct buffers that Netty has taken
 * @param resident bytes of the machine's memory
 * @param threads how many there are
 */
record Footprint(double heap, double direct, double resident, double threads) {
    private static final double KIB = 1024;
    private static final double STILL = 64 * KIB;
    private static final int LOOKS = 20;

    /** Takes it when a second look shows no more movement. */
    static Footprint of(Subject subject) throws IOException {
        Footprint last = look(subject);
        for (int i = 0; i < LOOKS; i++) {
            Programs.pause(Duration.ofMillis(300));
            Footprint now = look(subject);
            if (Math.abs(Double.isNaN(now.heap) ? now.resident - last.resident : now.heap - last.heap) < STILL) {
                return now;
            }
            last = now;
        }
        return last;
    }

    private static Footprint look(Subject subject) throws IOException {
        if (subject instanceof Child child) {
            Child.State state = child.state();
            return new Footprint(state.heap(), state.direct(), subject.resident(), state.threads());
        }
        return new Footprint(Double.NaN, Double.NaN, subject.resident(), Double.NaN);
    }

    /** How much more it is than before, in KiB for each of so many; threads in all. */
    Footprint each(Footprint before, int count) {
        double scale = KIB * count;
        return new Footprint(
                (heap - before.heap) / scale,
                (direct - before.direct) / scale,
                (resident - before.resident) / scale,
                threads - before.threads);
    }
}
