package dev.masque.core;

import org.jspecify.annotations.Nullable;

/** What a peer sent is not what the protocol says. Not final: subclasses carry a protocol's error code. */
public class MalformedException extends MasqueException {
    private static final long serialVersionUID = 1L;

    /**
     * A violation.
     *
     * @param message what is wrong, in our own words
     */
    public MalformedException(String message) {
        super(message);
    }

    /**
     * A violation, found by something below.
     *
     * @param message what is wrong, in our own words
     * @param cause what found it, or null
     */
    public MalformedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
