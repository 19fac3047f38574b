package dev.masque.client.pool;

import dev.masque.core.spi.HttpSession;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Attempts to connect that are under way, so that they can be given up together. Thread-safe. */
final class Attempts {
    private final Map<Long, CompletableFuture<HttpSession>> underWay = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();
    private volatile boolean cancelled;

    /** Remembers an attempt until it is done; after {@link #cancel} it is given up at once. Returns it. */
    CompletableFuture<HttpSession> track(CompletableFuture<HttpSession> attempt) {
        long number = count.incrementAndGet();
        underWay.put(number, attempt);
        attempt.whenComplete((session, failure) -> underWay.remove(number));
        if (cancelled) {
            attempt.cancel(true);
        }
        return attempt;
    }

    /** Gives up those under way and all that come. */
    void cancel() {
        cancelled = true;
        List.copyOf(underWay.values()).forEach(attempt -> attempt.cancel(true));
    }
}
