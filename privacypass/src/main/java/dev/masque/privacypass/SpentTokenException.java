package dev.masque.privacypass;

/** A token that was good, and was used before. */
public final class SpentTokenException extends PrivacyPassException {
    private static final long serialVersionUID = 1L;

    /** A token that was used before. */
    public SpentTokenException() {
        super("the token was used before");
    }
}
