package dev.masque.ohttp.gateway;

import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.exchange.Problem;
import dev.masque.ohttp.exchange.StatusException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses requests that came before, and requests made at another time (RFC 9458, 6.5.1). Remembers encapsulated keys for at least
 * the width of the window in which dates are taken, so that a request is either remembered or too old. What it cannot remember it
 * refuses. Thread-safe.
 */
final class ReplayFilter {
    private final Duration window;
    private final boolean dateRequired;
    private final Clock clock;
    private final Runnable full;
    private final long period;
    private final SeenKeys seen;
    private final AtomicLong told = new AtomicLong(Long.MIN_VALUE);
    private volatile Parsed latest = new Parsed("", Instant.EPOCH);

    /** A date that was read; under load the next request has the same. */
    private record Parsed(String text, Instant date) {}

    /** Dates are taken within the window around now; zero switches this off. Says so, now and then, when there is no room. */
    ReplayFilter(Duration window, boolean dateRequired, int capacity, Clock clock, Runnable full) {
        this.window = window;
        this.dateRequired = dateRequired;
        this.clock = clock;
        this.full = full;
        // a date may be ahead by the window and is taken until it is behind by it: twice the window
        this.period = Math.max(1, window.multipliedBy(2).toMillis() / SeenKeys.REMEMBERED + 1);
        this.seen = new SeenKeys(capacity);
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
        long current = Math.floorDiv(now.toEpochMilli(), period);
        switch (seen.add(encapsulatedKey, current)) {
            case NEW -> {}
            case SEEN -> throw new StatusException(400);
            case NO_ROOM -> {
                if (told.getAndSet(current) != current) {
                    full.run();
                }
                throw new StatusException(503);
            }
        }
    }

    /** After how long there may be room again. */
    Duration relief() {
        return Duration.ofMillis(period);
    }

    private void checkDate(List<String> dates, Instant now) throws StatusException {
        if (dates.isEmpty() && !dateRequired) {
            return;
        }
        if (dates.size() != 1) {
            throw new StatusException(400, Problem.DATE);
        }
        try {
            if (Duration.between(date(dates.get(0)), now).abs().compareTo(window) > 0) {
                throw new StatusException(400, Problem.DATE);
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw new StatusException(400, Problem.DATE);
        }
    }

    private Instant date(String text) {
        Parsed known = latest;
        if (!known.text().equals(text)) {
            known = new Parsed(text, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
            latest = known;
        }
        return known.date();
    }
}
