package dev.masque.kwik;

import java.time.Duration;

/**
 * Streams that are over and whose threads may not know it yet: kwik's wake-ups can come too early and be lost, and its reads
 * and writes have no time-out. They are woken until they are gone. For the session's executor.
 */
final class Leftovers {
    /** How soon to look first. */
    static final Duration SETTLE = Duration.ofMillis(100);

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final H3Session session;

    Leftovers(H3Session session) {
        this.session = session;
    }

    void finished(H3Stream stream) {
        settle(stream, SETTLE);
    }

    /**
     * Kwik may have missed the reset of a stream that it did not know. If it has not, and learns of the reset only now, it
     * gives the credit of the stream back, which it would not for one that is no longer read.
     */
    void unknownWhenReset(H3Stream stream) {
        session.later(SETTLE, stream::abortReading);
    }

    private void settle(H3Stream stream, Duration delay) {
        session.later(delay, () -> {
            if (!stream.isQuiet()) {
                stream.nudge();
                settle(stream, delay.compareTo(LONGEST) < 0 ? delay.multipliedBy(2) : delay);
            } else {
                stream.settled();
            }
        });
    }
}
