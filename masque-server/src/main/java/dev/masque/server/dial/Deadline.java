package dev.masque.server.dial;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Puts an end to waiting. Without state. */
public final class Deadline {
    private Deadline() {}

    /**
     * A stage that fails when it takes too long.
     *
     * @param <T> what the stage gives
     * @param stage what is waited for; cancelled when the time is over, or the result is
     * @param timeout how long
     * @param timer measures it
     * @param failure made when the time is over
     * @return completes as the stage does, or with the failure
     */
    public static <T> CompletableFuture<T> on(
            CompletionStage<T> stage, Duration timeout, Timer timer, Supplier<? extends Throwable> failure) {
        CompletableFuture<T> source = stage.toCompletableFuture();
        if (source.isDone()) {
            return source;
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable cancel = timer.after(timeout, () -> result.completeExceptionally(failure.get()));
        source.whenComplete((value, problem) -> {
            if (problem == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(problem);
            }
        });
        result.whenComplete((value, problem) -> {
            cancel.run();
            source.cancel(true);
        });
        return result;
    }
}
