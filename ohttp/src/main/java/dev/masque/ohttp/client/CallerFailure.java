package dev.masque.ohttp.client;

import java.io.UncheckedIOException;
import java.util.Objects;

/** Carries what the caller's own body publisher or body handler failed with, so that nobody is blamed for it. */
final class CallerFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private CallerFailure(Throwable cause) {
        super(cause);
    }

    /** The failure under cover, unless it is one of ours that came back. */
    static Throwable of(Throwable failure) {
        Throwable bare = Call.bare(failure);
        if (bare instanceof OhttpRequestException || bare instanceof CallerFailure) {
            return bare;
        }
        return new CallerFailure(
                failure instanceof UncheckedIOException io ? Objects.requireNonNull(io.getCause()) : failure);
    }

    Throwable failure() {
        return Objects.requireNonNull(getCause());
    }
}
