package dev.masque.core.spi;

import org.jspecify.annotations.Nullable;

/**
 * How a stream ended that did not end well. Immutable.
 *
 * @param reason the reason
 * @param code the code on the wire, -1 if there was none
 * @param remote true if the peer reset the stream, false if this side did or the session was lost
 * @param cause what led to it, or null
 */
public record StreamFailure(
        ResetReason reason,
        long code,
        boolean remote,
        @Nullable Throwable cause) {
    /**
     * A failure on this side, or the loss of the session.
     *
     * @param reason the reason
     * @param cause what led to it, or null
     * @return the failure
     */
    public static StreamFailure local(ResetReason reason, @Nullable Throwable cause) {
        return new StreamFailure(reason, -1, false, cause);
    }

    /**
     * A reset by the peer.
     *
     * @param reason the reason
     * @param code the code that it gave
     * @return the failure
     */
    public static StreamFailure remote(ResetReason reason, long code) {
        return new StreamFailure(reason, code, true, null);
    }
}
