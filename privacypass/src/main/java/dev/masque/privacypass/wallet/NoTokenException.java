package dev.masque.privacypass.wallet;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no token, and none came in time. Its cause says why the last try to get some failed. */
public final class NoTokenException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * There is no token.
     *
     * @param message what was waited for
     * @param cause why there is none; null if no try has failed
     */
    public NoTokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
