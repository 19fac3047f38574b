package dev.masque.privacypass;

/** Bytes or a header field that the specifications do not allow. */
public final class MalformedException extends PrivacyPassException {
    private static final long serialVersionUID = 1L;

    /**
     * Something malformed.
     *
     * @param message what is wrong with it
     */
    public MalformedException(String message) {
        super(message);
    }
}
