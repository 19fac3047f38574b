package dev.masque.privacypass;

/** An issuer or an attester said no. Carries the status of the answer. */
public final class IssuanceException extends PrivacyPassException {
    private static final long serialVersionUID = 1L;

    /** The HTTP status code of the answer. */
    private final int status;

    /**
     * A refusal.
     *
     * @param status the HTTP status code
     * @param message why, fit to be shown to the other side
     */
    public IssuanceException(int status, String message) {
        super(message);
        this.status = status;
    }

    /**
     * A request that cannot be served, whoever asks: 422. RFC 9578, 5.2 and 6.2.
     *
     * @param message what is wrong with it
     * @return the refusal
     */
    public static IssuanceException unprocessable(String message) {
        return new IssuanceException(422, message);
    }

    /**
     * The status of the answer.
     *
     * @return 400, 401, 403, 415, 422, 429 or another HTTP status code
     */
    public int status() {
        return status;
    }
}
