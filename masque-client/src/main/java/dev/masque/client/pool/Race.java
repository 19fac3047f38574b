package dev.masque.client.pool;

import dev.masque.core.thread.Stages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Attempts that start one after the other, each a little later than the one before or as soon as that has failed; the first
 * to succeed wins. RFC 8305, section 5. Thread-safe.
 *
 * @param <T> what an attempt makes
 */
final class Race<T> {
    private final List<Supplier<CompletionStage<T>>> attempts;
    private final Duration stagger;
    private final Timer timer;
    private final Consumer<? super T> drop;

    @Nullable private final Consumer<? super T> late;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<CompletableFuture<T>> running = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private int winner = -1;
    private Runnable pending = () -> {};

    /**
     * @param drop takes what an attempt makes that has lost
     * @param late takes what an attempt makes after a later one has won; null stops such attempts
     */
    Race(
            List<Supplier<CompletionStage<T>>> attempts,
            Duration stagger,
            Timer timer,
            Consumer<? super T> drop,
            @Nullable Consumer<? super T> late) {
        this.attempts = attempts;
        this.stagger = stagger;
        this.timer = timer;
        this.drop = drop;
        this.late = late;
    }

    /** Cancelling what this returns stops every attempt. */
    CompletableFuture<T> start() {
        result.whenComplete((made, failure) -> stop());
        launch(0);
        return result;
    }

    private void launch(int index) {
        CompletableFuture<T> attempt = new CompletableFuture<>();
        lock.lock();
        try {
            if (index != running.size() || index == attempts.size() || result.isDone()) {
                return;
            }
            running.add(attempt);
            if (index + 1 < attempts.size()) {
                pending.run();
                pending = timer.after(stagger, () -> launch(index + 1));
            }
        } finally {
            lock.unlock();
        }
        CompletionStage<T> stage;
        try {
            stage = attempts.get(index).get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<T> started = stage.toCompletableFuture();
        attempt.whenComplete((made, failure) -> {
            if (attempt.isCancelled()) {
                started.cancel(true);
            }
        });
        started.whenComplete((made, failure) -> finished(index, attempt, made, failure));
    }

    private void finished(int index, CompletableFuture<T> attempt, @Nullable T made, @Nullable Throwable failure) {
        if (made != null) {
            won(index, made);
            attempt.complete(made);
            return;
        }
        int next;
        Throwable worst = null;
        lock.lock();
        try {
            failures.add(
                    failure == null ? new IllegalStateException("an attempt made nothing") : Stages.unwrap(failure));
            next = running.size();
            if (failures.size() == attempts.size()) {
                worst = pick();
            }
        } finally {
            lock.unlock();
        }
        if (worst != null) {
            result.completeExceptionally(worst);
        } else {
            launch(next);
        }
    }

    private void won(int index, T made) {
        boolean first;
        Consumer<? super T> taker;
        lock.lock();
        try {
            first = winner < 0 && !result.isDone();
            taker = late != null && index < winner ? late : drop;
            if (first) {
                winner = index;
            }
        } finally {
            lock.unlock();
        }
        if (!first || !result.complete(made)) {
            taker.accept(made);
        }
    }

    private void stop() {
        List<CompletableFuture<T>> losers = new ArrayList<>();
        lock.lock();
        try {
            pending.run();
            for (int i = 0; i < running.size(); i++) {
                boolean better = late != null && i < winner;
                if (i != winner && !better) {
                    losers.add(running.get(i));
                }
            }
        } finally {
            lock.unlock();
        }
        losers.forEach(loser -> loser.cancel(true));
    }

    /** A failure of TLS says more than a lost packet; else the last is of the most usual way. */
    private Throwable pick() {
        for (Throwable failure : failures) {
            if (Failures.isTls(failure)) {
                return failure;
            }
        }
        return failures.get(failures.size() - 1);
    }
}
