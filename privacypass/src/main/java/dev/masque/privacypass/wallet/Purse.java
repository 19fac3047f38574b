package dev.masque.privacypass.wallet;

import dev.masque.privacypass.Token;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The tokens for one challenge. The oldest go first. Thread-safe. */
final class Purse {
    /** After a failure, the next try waits this long, then twice as long, and so on. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private static final int MOST_DOUBLINGS = 9;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Held> tokens = new ArrayDeque<>();
    private boolean refilling;
    private boolean drained;
    private int waiting;
    private int failures;
    private Instant notBefore = Instant.MIN;
    private @Nullable Exception lastFailure;

    Purse(Clock clock) {
        this.clock = clock;
    }

    /** Takes the oldest token, or waits for one, calling for more when a try may be made again. */
    Token take(Duration wait, Runnable refill) throws NoTokenException, InterruptedIOException {
        long deadline = System.nanoTime() + wait.toNanos();
        lock.lock();
        waiting++;
        try {
            Held held = next();
            while (held == null) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || drained) {
                    throw new NoTokenException(
                            drained ? "the wallet is closed" : "no token came in " + wait, lastFailure);
                }
                refill.run();
                changed.await(Math.min(left, FIRST_PAUSE.toNanos()), TimeUnit.NANOSECONDS);
                held = next();
            }
            return held.token();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a token");
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private @Nullable Held next() {
        Instant now = clock.instant();
        Held held = tokens.poll();
        while (held != null && !held.expires().isAfter(now)) {
            held = tokens.poll();
        }
        return held;
    }

    void add(Collection<Held> more) {
        lock.lock();
        try {
            tokens.addAll(more);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            Instant now = clock.instant();
            tokens.removeIf(held -> !held.expires().isAfter(now));
            return tokens.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody would miss it. */
    boolean isIdle() {
        lock.lock();
        try {
            return size() == 0 && !refilling && waiting == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the caller shall get more now: one does at a time, and after failures not at once. */
    boolean beginRefill() {
        lock.lock();
        try {
            boolean begin = !refilling && !clock.instant().isBefore(notBefore);
            refilling |= begin;
            return begin;
        } finally {
            lock.unlock();
        }
    }

    void endRefill(Collection<Held> more, @Nullable Exception failure) {
        lock.lock();
        try {
            refilling = false;
            lastFailure = failure;
            tokens.addAll(more);
            failures = failure == null ? 0 : Math.min(failures + 1, MOST_DOUBLINGS);
            notBefore =
                    failure == null ? Instant.MIN : clock.instant().plus(FIRST_PAUSE.multipliedBy(1L << failures - 1));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes all tokens out, for good. */
    List<Held> drain() {
        lock.lock();
        try {
            List<Held> all = new ArrayList<>(tokens);
            tokens.clear();
            drained = true;
            changed.signalAll();
            return all;
        } finally {
            lock.unlock();
        }
    }
}
