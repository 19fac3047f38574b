package dev.masque.privacypass;

/** It cannot be told whether a token was used before, so it is not taken. Later it may be. */
public final class SpentTokensUnavailableException extends PrivacyPassException {
    private static final long serialVersionUID = 1L;

    /**
     * It cannot be told.
     *
     * @param message why
     */
    public SpentTokensUnavailableException(String message) {
        super(message);
    }

    /**
     * It cannot be told, after a failure.
     *
     * @param message why
     * @param cause the failure
     */
    public SpentTokensUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
