package dev.masque.geohash;

import java.security.GeneralSecurityException;

/** An attestation is well formed but cannot be trusted. */
public final class AttestationException extends GeneralSecurityException {
    private static final long serialVersionUID = 1L;

    /** Why it cannot be trusted. */
    public enum Reason {
        /** It is made out to somebody else. */
        AUDIENCE,
        /** Its window has not begun. */
        NOT_YET_VALID,
        /** Its window is over. */
        EXPIRED,
        /** Its window is longer than the verifier allows. */
        WINDOW,
        /** No published key has its key id. */
        UNKNOWN_KEY,
        /** The signature is not one of the key over these values. */
        SIGNATURE,
        /** The hint that came with it says more or something else. */
        HINT
    }

    /** What {@link #reason()} gives. */
    private final Reason reason;

    AttestationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * Why it cannot be trusted.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
