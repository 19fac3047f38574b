package dev.masque.privacypass.voprf;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The private key of an oblivious pseudorandom function: a scalar. Immutable and safe for use by several threads; it prints
 * its public half only and compares in constant time.
 */
public final class OprfPrivateKey {
    private final OprfSuite suite;
    private final long[] scalar;
    private final OprfPublicKey publicKey;

    private OprfPrivateKey(OprfSuite suite, long[] scalar) {
        this.suite = suite;
        this.scalar = scalar;
        long[][] element = suite.group().timesBase(scalar);
        this.publicKey = new OprfPublicKey(suite, suite.group().encode(element), element);
    }

    /**
     * Generates a key.
     *
     * @param suite its suite
     * @return the key
     */
    public static OprfPrivateKey generate(OprfSuite suite) {
        return new OprfPrivateKey(suite, suite.group().randomScalar());
    }

    /**
     * Derives a key for the mode VOPRF from a secret (DeriveKeyPair, RFC 9497, 3.2.1).
     *
     * @param suite its suite
     * @param seed 32 secret random bytes
     * @param info public, distinguishes keys of one seed; up to 65535 bytes
     * @return the key
     */
    public static OprfPrivateKey derive(OprfSuite suite, byte[] seed, byte[] info) {
        return derive(suite, Protocol.Mode.VOPRF, seed, info);
    }

    static OprfPrivateKey derive(OprfSuite suite, Protocol.Mode mode, byte[] seed, byte[] info) {
        if (seed.length != 32) {
            throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.length);
        }
        return new OprfPrivateKey(suite, Protocol.of(suite, mode).deriveKey(seed, info));
    }

    /**
     * Reads an encoded key.
     *
     * @param suite its suite
     * @param bytes the scalar as {@link #bytes} gives it
     * @return the key
     * @throws InvalidKeyException if it is zero, not below the group's order, or of another length
     */
    public static OprfPrivateKey parse(OprfSuite suite, byte[] bytes) throws InvalidKeyException {
        try {
            long[] scalar = suite.group().decodeScalar(bytes);
            if (suite.group().scalars.isZero(scalar) == 0) {
                return new OprfPrivateKey(suite, scalar);
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("not a private key of this suite", e);
        }
        throw new InvalidKeyException("not a private key of this suite");
    }

    /**
     * The key's suite.
     *
     * @return the suite
     */
    public OprfSuite suite() {
        return suite;
    }

    /**
     * The encoded key.
     *
     * @return as many bytes as the suite's scalars have, a new array: the caller wipes it when it is done
     */
    public byte[] bytes() {
        return suite.group().encodeScalar(scalar);
    }

    /**
     * The public half.
     *
     * @return the public key
     */
    public OprfPublicKey publicKey() {
        return publicKey;
    }

    long[] scalar() {
        return scalar;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OprfPrivateKey that
                && suite == that.suite
                && MessageDigest.isEqual(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return publicKey.hashCode();
    }

    /** Names the public half only. */
    @Override
    public String toString() {
        return "OprfPrivateKey[" + publicKey + "]";
    }
}
