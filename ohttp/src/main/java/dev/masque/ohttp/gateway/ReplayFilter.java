package dev.masque.ohttp.gateway;

import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.exchange.Problem;
import dev.masque.ohttp.exchange.StatusException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Refuses requests that came before, and requests made at another time (RFC 9458, 6.5.1). Remembers encapsulated keys for at least
 * the width of the window in which dates are taken, so that a request is either remembered or too old. Thread-safe.
 */
final class ReplayFilter {
    private final Duration window;
    private final boolean dateRequired;
    private final int capacity;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Set<Seen> recent = new HashSet<>();
    private Set<Seen> before = new HashSet<>();
    private Instant turn;

    /** 128 bits of a digest: an encapsulated key may be long. */
    private record Seen(long high, long low) {}

    /** Dates are taken within the window around now; zero switches this off. */
    ReplayFilter(Duration window, boolean dateRequired, int capacity, Clock clock) {
        this.window = window;
        this.dateRequired = dateRequired;
        this.capacity = capacity;
        this.clock = clock;
        this.turn = clock.instant();
    }

    /**
     * Takes note of a request.
     *
     * @throws StatusException if it came before, its date is not acceptable, or there are too many to remember
     */
    void check(ByteBuffer encapsulatedKey, Fields fields) throws StatusException {
        if (window.isZero()) {
            return;
        }
        Instant now = clock.instant();
        checkDate(fields.all("date").toList(), now);
        Seen seen = digest(encapsulatedKey);
        lock.lock();
        try {
            // a date may be ahead by the window and is taken until it is behind by it: twice the window
            if (!now.isBefore(turn.plus(window.multipliedBy(2)))) {
                boolean longAgo = !now.isBefore(turn.plus(window.multipliedBy(4)));
                before = longAgo ? new HashSet<>() : recent;
                recent = new HashSet<>();
                turn = now;
            }
            if (recent.contains(seen) || before.contains(seen)) {
                throw new StatusException(400);
            }
            if (recent.size() >= capacity) {
                throw new StatusException(503);
            }
            recent.add(seen);
        } finally {
            lock.unlock();
        }
    }

    private void checkDate(List<String> dates, Instant now) throws StatusException {
        if (dates.isEmpty() && !dateRequired) {
            return;
        }
        if (dates.size() != 1) {
            throw new StatusException(400, Problem.DATE);
        }
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(dates.get(0)));
            if (Duration.between(date, now).abs().compareTo(window) > 0) {
                throw new StatusException(400, Problem.DATE);
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw new StatusException(400, Problem.DATE);
        }
    }

    private static Seen digest(ByteBuffer key) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(key);
            ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
            return new Seen(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
