package dev.masque.client;

import dev.masque.core.MasqueException;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import org.jspecify.annotations.Nullable;

/** A stream ended before there was a response. */
final class UnansweredException extends MasqueException {
    private static final long serialVersionUID = 1L;

    private final ResetReason reason;

    UnansweredException(@Nullable StreamFailure failure) {
        super("the stream ended without a response", failure == null ? null : failure.cause());
        this.reason = failure == null ? ResetReason.INCOMPLETE : failure.reason();
    }

    ResetReason reason() {
        return reason;
    }
}
