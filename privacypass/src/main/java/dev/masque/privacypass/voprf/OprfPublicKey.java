package dev.masque.privacypass.voprf;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The public key of a verifiable oblivious pseudorandom function. Immutable and safe for use by several threads. */
public final class OprfPublicKey {
    private final OprfSuite suite;
    private final byte[] bytes;
    private final long[][] element;

    OprfPublicKey(OprfSuite suite, byte[] bytes, long[][] element) {
        this.suite = suite;
        this.bytes = bytes;
        this.element = element;
    }

    /**
     * Reads an encoded key.
     *
     * @param suite its suite
     * @param bytes the encoded group element
     * @return the key
     * @throws InvalidKeyException if it is not the encoding of an element, or that of the neutral one
     */
    public static OprfPublicKey parse(OprfSuite suite, byte[] bytes) throws InvalidKeyException {
        try {
            return new OprfPublicKey(suite, bytes.clone(), suite.group().decode(bytes));
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("not a public key of this suite", e);
        }
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
     * @return as many bytes as the suite's elements have, a new array
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    long[][] element() {
        return element;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OprfPublicKey that && suite == that.suite && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "OprfPublicKey[" + suite + ", " + HexFormat.of().formatHex(bytes) + "]";
    }
}
