package dev.masque.privacypass;

import java.security.InvalidKeyException;
import java.security.Provider;
import java.time.Instant;

/**
 * A private key of an issuer with the times of its life: first it is announced, then it signs, then its tokens can still
 * be used. Thread-safe; shows nothing of the private key.
 */
public final class IssuerKey {
    private final PrivateHalf half;
    private final Instant notBefore;
    private final Instant signsUntil;
    private final Instant expires;
    private final VerificationKey verificationKey;

    IssuerKey(PrivateHalf half, Instant notBefore, Instant signsUntil, Instant expires) {
        if (signsUntil.isBefore(notBefore) || expires.isBefore(signsUntil)) {
            throw new IllegalArgumentException("a key that ends before it begins");
        }
        this.half = half;
        this.notBefore = notBefore;
        this.signsUntil = signsUntil;
        this.expires = expires;
        this.verificationKey = new VerificationKey(half.tokenKey(), notBefore, expires, half::verify);
    }

    /**
     * Draws a key. Takes seconds for partially blind RSA, which needs primes of a rare kind.
     *
     * @param type the type of token
     * @param notBefore from when it signs
     * @param signsUntil until when it signs
     * @param expires until when its tokens count
     * @return a new key
     * @throws IllegalArgumentException if the type is unknown or the times are not in this order
     */
    public static IssuerKey generate(TokenType type, Instant notBefore, Instant signsUntil, Instant expires) {
        return new IssuerKey(PrivateHalf.generate(type), notBefore, signsUntil, expires);
    }

    /**
     * Takes a key in that was made elsewhere.
     *
     * @param type the type of token
     * @param pkcs8 the key as PKCS #8, the form that {@link IssuerKeys} stores
     * @param notBefore from when it signs
     * @param signsUntil until when it signs
     * @param expires until when its tokens count
     * @return the key
     * @throws InvalidKeyException if it is not a key of the type
     */
    public static IssuerKey ofPkcs8(
            TokenType type, byte[] pkcs8, Instant notBefore, Instant signsUntil, Instant expires)
            throws InvalidKeyException {
        return new IssuerKey(Pkcs8.decode(type, pkcs8), notBefore, signsUntil, expires);
    }

    /** See {@link IssuerKeys.Builder#rsaProvider}. */
    IssuerKey using(Provider provider) {
        try {
            return new IssuerKey(half.using(provider), notBefore, signsUntil, expires);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The public half.
     *
     * @return the key as the directory and challenges carry it
     */
    public TokenKey tokenKey() {
        return half.tokenKey();
    }

    /**
     * The key to verify tokens with.
     *
     * @return a key that counts until this one expires
     */
    public VerificationKey verificationKey() {
        return verificationKey;
    }

    /**
     * From when the key signs.
     *
     * @return the time
     */
    public Instant notBefore() {
        return notBefore;
    }

    /**
     * Until when the key signs.
     *
     * @return the time
     */
    public Instant signsUntil() {
        return signsUntil;
    }

    /**
     * Until when its tokens count.
     *
     * @return the time
     */
    public Instant expires() {
        return expires;
    }

    PrivateHalf half() {
        return half;
    }

    /** The type and times, and nothing of the key. */
    @Override
    public String toString() {
        return "IssuerKey[type=" + tokenKey().type() + ", " + notBefore + " to " + expires + "]";
    }
}
