package dev.masque.privacypass;

import java.security.GeneralSecurityException;

/** What a Privacy Pass exchange can fail with. Its message holds no token, key or name. */
public class PrivacyPassException extends GeneralSecurityException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message what failed, fit to be shown to the other side
     */
    public PrivacyPassException(String message) {
        super(message);
    }

    /**
     * A failure with what led to it.
     *
     * @param message what failed, fit to be shown to the other side
     * @param cause what led to it; stays in this process
     */
    public PrivacyPassException(String message, Throwable cause) {
        super(message, cause);
    }
}
