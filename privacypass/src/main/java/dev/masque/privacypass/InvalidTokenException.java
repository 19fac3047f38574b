package dev.masque.privacypass;

/** A token that is not good here. Another one may be. */
public final class InvalidTokenException extends PrivacyPassException {
    private static final long serialVersionUID = 1L;

    /** Why a token is not good. */
    public enum Reason {
        /** The key is unknown, or its time has passed or not come. */
        KEY,
        /** It answers a challenge that this origin does not make, or makes no more. */
        CHALLENGE,
        /** The authenticator is wrong. */
        AUTHENTICATOR,
        /** What it says beside that is not what this origin takes, or its time has passed. */
        EXTENSIONS
    }

    /** Why the token is not good. */
    private final Reason reason;

    /**
     * A token that is not good.
     *
     * @param reason why
     */
    public InvalidTokenException(Reason reason) {
        super("the token is not good here: " + reason);
        this.reason = reason;
    }

    /**
     * Why the token is not good.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
