package dev.masque.privacypass;

import java.time.Duration;
import java.time.Instant;

/**
 * When an issuer changes keys. A key is announced before it signs, signs for a period, goes on answering clients that have
 * not heard of the next one, and its tokens count for some time after that. RFC 9578, 4.
 *
 * @param period for how long a key is the current one
 * @param announce how long before that it stands in the directory; clients and caches have this time to hear of it
 * @param overlap for how long after that it still signs
 * @param tokenLife for how long the last of its tokens count
 */
public record KeySchedule(Duration period, Duration announce, Duration overlap, Duration tokenLife) {
    /** A new key every week, known a day ahead, tokens good for a week at least. */
    public static final KeySchedule WEEKLY =
            new KeySchedule(Duration.ofDays(7), Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(7));

    /**
     * Checks the times.
     *
     * @throws IllegalArgumentException if the period is not positive, another time is negative, or keys are announced
     *     before the one before them
     */
    public KeySchedule {
        if (period.isZero()
                || period.isNegative()
                || announce.isNegative()
                || overlap.isNegative()
                || tokenLife.isNegative()
                || announce.compareTo(period) > 0) {
            throw new IllegalArgumentException("no schedule: " + period + ", " + announce + ", " + overlap);
        }
    }

    IssuerKey generate(TokenType type, Instant notBefore) {
        Instant signsUntil = notBefore.plus(period).plus(overlap);
        return IssuerKey.generate(type, notBefore, signsUntil, signsUntil.plus(tokenLife));
    }
}
