package dev.masque.core;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The root of the checked failures of this library. The message never holds a credential, and no text of a peer. */
public class MasqueException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure without a cause.
     *
     * @param message what failed, for a person
     */
    public MasqueException(String message) {
        super(message);
    }

    /**
     * A failure with its cause.
     *
     * @param message what failed, for a person
     * @param cause what led to it, or null
     */
    public MasqueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
