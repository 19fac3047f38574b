package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.SignatureException;

/**
 * Blind RSA signatures with SHA-384 in the four variants of RFC 9474, section 5. Safe for use by several threads.
 *
 * <p>The client prepares and blinds, the issuer signs with {@link BlindRsaPrivateKey#blindSign}, the client finishes, and
 * anybody verifies:
 *
 * <pre>{@code
 * byte[] prepared = BlindRsa.PSS_DETERMINISTIC.prepare(message);
 * PendingSignature pending = BlindRsa.PSS_DETERMINISTIC.blind(publicKey, prepared);
 * byte[] signature = pending.finish(privateKey.blindSign(pending.blindedMessage()));
 * BlindRsa.PSS_DETERMINISTIC.verify(publicKey, prepared, signature);
 * }</pre>
 */
public enum BlindRsa {
    /** RSABSSA-SHA384-PSS-Randomized: salt of 48 bytes, message prefixed with 32 random bytes. */
    PSS_RANDOMIZED("RSABSSA-SHA384-PSS-Randomized", 48, 32),
    /** RSABSSA-SHA384-PSSZERO-Randomized: no salt, message prefixed with 32 random bytes. */
    PSSZERO_RANDOMIZED("RSABSSA-SHA384-PSSZERO-Randomized", 0, 32),
    /** RSABSSA-SHA384-PSS-Deterministic: salt of 48 bytes, message as it is. Privacy Pass uses this one. */
    PSS_DETERMINISTIC("RSABSSA-SHA384-PSS-Deterministic", 48, 0),
    /** RSABSSA-SHA384-PSSZERO-Deterministic: no salt, message as it is. */
    PSSZERO_DETERMINISTIC("RSABSSA-SHA384-PSSZERO-Deterministic", 0, 0);

    private static final String HASH = "SHA-384";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String label;
    private final int saltLength;
    private final int prefixLength;

    BlindRsa(String label, int saltLength, int prefixLength) {
        this.label = label;
        this.saltLength = saltLength;
        this.prefixLength = prefixLength;
    }

    /**
     * Makes of a message what is then blinded, signed and verified (RFC 9474, 4.1).
     *
     * @param message the message, left as it is
     * @return the prepared message, a new array
     */
    public byte[] prepare(byte[] message) {
        byte[] prefix = new byte[prefixLength];
        RANDOM.nextBytes(prefix);
        return ByteBuffer.allocate(prefix.length + message.length)
                .put(prefix)
                .put(message)
                .array();
    }

    /**
     * Blinds a prepared message for a key (RFC 9474, 4.2).
     *
     * @param key the issuer's key
     * @param preparedMessage the result of {@link #prepare}; it is copied
     * @return the blinded message with the secret that finishes the signature
     */
    public PendingSignature blind(BlindRsaPublicKey key, byte[] preparedMessage) {
        byte[] salt = new byte[saltLength];
        RANDOM.nextBytes(salt);
        while (true) {
            BigInteger factor = new BigInteger(key.modulus().bitLength(), RANDOM);
            if (factor.signum() == 1 && factor.compareTo(key.modulus()) < 0) {
                return blind(key, preparedMessage, salt, factor);
            }
        }
    }

    /** Blinds with a given salt and blinding factor, as vectors do. */
    PendingSignature blind(BlindRsaPublicKey key, byte[] preparedMessage, byte[] salt, BigInteger factor) {
        BigInteger n = key.modulus();
        byte[] encoded = EmsaPss.encode(HASH, preparedMessage, n.bitLength() - 1, salt);
        BigInteger m = new BigInteger(1, encoded);
        if (!m.gcd(n).equals(BigInteger.ONE)) {
            throw new ArithmeticException("message and modulus have a common factor: the key is broken");
        }
        BigInteger inverse = factor.modInverse(n);
        byte[] blinded =
                key.toBytes(m.multiply(factor.modPow(key.exponent(), n)).mod(n));
        return new PendingSignature(this, key, preparedMessage.clone(), blinded, inverse);
    }

    /**
     * Verifies a signature (RFC 9474, 4.5).
     *
     * @param key the issuer's key
     * @param preparedMessage the prepared message
     * @param signature the signature
     * @throws SignatureException if it is not a signature of this message by this key
     */
    public void verify(BlindRsaPublicKey key, byte[] preparedMessage, byte[] signature) throws SignatureException {
        BigInteger s = new BigInteger(1, signature);
        if (signature.length != key.modulusLength() || s.compareTo(key.modulus()) >= 0) {
            throw new SignatureException("signature not valid");
        }
        byte[] encoded = key.toBytes(key.raise(s));
        if (!EmsaPss.verify(HASH, preparedMessage, encoded, key.modulus().bitLength() - 1, saltLength)) {
            throw new SignatureException("signature not valid");
        }
    }

    /** The variant's name in RFC 9474, section 5. */
    @Override
    public String toString() {
        return label;
    }
}
