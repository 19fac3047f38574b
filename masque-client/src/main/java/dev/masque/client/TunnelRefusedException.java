package dev.masque.client;

import org.jspecify.annotations.Nullable;

/** The proxy answered, and the answer is no: see {@link #status()}, {@link #proxyError()} and {@link #retryAfter()}. */
public final class TunnelRefusedException extends TunnelException {
    private static final long serialVersionUID = 1L;

    TunnelRefusedException(
            TunnelStep step, boolean retryable, String message, Detail detail, @Nullable Throwable cause) {
        super(step, retryable, message, detail, cause);
    }

    @Override
    TunnelRefusedException copy(String message, Detail changed, @Nullable Throwable cause) {
        return new TunnelRefusedException(step(), retryable(), message, changed, cause);
    }
}
