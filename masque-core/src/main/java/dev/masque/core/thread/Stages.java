package dev.masque.core.thread;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What endpoints and transports need of {@link java.util.concurrent.CompletionStage}. Stateless. */
public final class Stages {
    private Stages() {}

    /**
     * Takes off what stages have wrapped around a failure that came through them.
     *
     * @param failure as a stage tells it, that has failed
     * @return what it began with
     */
    public static Throwable unwrap(@Nullable Throwable failure) {
        Throwable cause = Objects.requireNonNull(failure, "failure");
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
