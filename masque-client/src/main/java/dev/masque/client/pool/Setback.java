package dev.masque.client.pool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/** Remembers that a way did not work, and for how long not to try it: twice as long each time. Thread-safe. */
final class Setback {
    private final InstantSource clock;
    private final Duration first;
    private final Duration longest;

    private Instant until = Instant.MIN;
    private int failures;

    Setback(InstantSource clock, Duration first, Duration longest) {
        this.clock = clock;
        this.first = first;
        this.longest = longest;
    }

    synchronized int failed() {
        failures++;
        long doubled = first.toMillis() << Math.min(failures - 1, 30);
        long bounded = doubled < 0 ? longest.toMillis() : Math.min(doubled, longest.toMillis());
        long jittered =
                bounded / 2 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1); // clients of one proxy spread
        until = clock.instant().plusMillis(jittered);
        return failures;
    }

    synchronized void succeeded() {
        failures = 0;
        until = Instant.MIN;
    }

    /** Zero if it may be tried now. */
    synchronized Duration remaining() {
        if (failures == 0) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), until);
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean isOver() {
        return remaining().isZero();
    }
}
