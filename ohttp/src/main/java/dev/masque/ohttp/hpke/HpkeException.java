package dev.masque.ohttp.hpke;

import java.security.GeneralSecurityException;

/** A key, an encapsulated key or a ciphertext that is not acceptable. Says which of them, never why. */
public final class HpkeException extends GeneralSecurityException {
    private static final long serialVersionUID = 1;

    /**
     * An operation that failed.
     *
     * @param message what failed; without any secret
     */
    public HpkeException(String message) {
        super(message);
    }
}
