package dev.masque.privacypass;

import java.time.Instant;

/**
 * A key that tokens are verified with, for as long as it counts. Thread-safe; shows nothing of a private key.
 */
public final class VerificationKey {
    /** What tells tokens of the key from others. */
    interface Check {
        boolean verify(Token token);
    }

    private final TokenKey key;
    private final Bytes id;
    private final Instant notBefore;
    private final Instant expires;
    private final Instant rememberUntil;
    private final Check check;

    VerificationKey(TokenKey key, Instant notBefore, Instant expires, Check check) {
        this(key, notBefore, expires, expires, check);
    }

    private VerificationKey(TokenKey key, Instant notBefore, Instant expires, Instant rememberUntil, Check check) {
        this.key = key;
        this.id = key.id();
        this.notBefore = notBefore;
        this.expires = expires;
        this.rememberUntil = rememberUntil;
        this.check = check;
    }

    /**
     * The public key of an issuer, of a type that can be verified with it.
     *
     * @param key the key
     * @param notBefore from when its tokens count
     * @param expires until when its tokens count
     * @return the key to verify with
     * @throws PrivacyPassException if it is not a key of its type
     * @throws IllegalArgumentException if the type is not {@linkplain TokenType#publiclyVerifiable publicly verifiable}
     */
    public static VerificationKey of(TokenKey key, Instant notBefore, Instant expires) throws PrivacyPassException {
        if (!key.type().publiclyVerifiable()) {
            throw new IllegalArgumentException("tokens of type " + key.type() + " take the private key to verify");
        }
        PublicHalf publicHalf = PublicHalf.of(key);
        return new VerificationKey(key, notBefore, expires, publicHalf::verify);
    }

    /**
     * The public key.
     *
     * @return the key as challenges carry it
     */
    public TokenKey key() {
        return key;
    }

    /**
     * The id of the key, as tokens carry it.
     *
     * @return 32 bytes
     */
    public Bytes id() {
        return id;
    }

    /**
     * From when its tokens count.
     *
     * @return the time
     */
    public Instant notBefore() {
        return notBefore;
    }

    /**
     * Until when its tokens count.
     *
     * @return the time
     */
    public Instant expires() {
        return expires;
    }

    /**
     * Until when its spent tokens have to be remembered.
     *
     * @return the time; when it expires, unless said otherwise
     */
    public Instant rememberUntil() {
        return rememberUntil;
    }

    /**
     * The same key, whose spent tokens are remembered for longer: its time may yet be put off.
     *
     * @param time until when; not before it expires
     * @return a new key
     * @throws IllegalArgumentException if it expires later
     */
    public VerificationKey rememberUntil(Instant time) {
        if (time.isBefore(expires)) {
            throw new IllegalArgumentException("tokens that are forgotten before their key expires");
        }
        return new VerificationKey(key, notBefore, expires, time, check);
    }

    /**
     * Whether a token was made with this key. That says nothing of the time, of the challenge that it answers, and of whether
     * it was used before: for all of it there is {@link TokenVerifier}.
     *
     * @param token the token
     * @return whether it names this key and the authenticator is right
     */
    public boolean verify(Token token) {
        return token.type().equals(key.type()) && token.keyId().equals(id) && check.verify(token);
    }

    /** The type, and nothing else. */
    @Override
    public String toString() {
        return "VerificationKey[type=" + key.type() + "]";
    }
}
