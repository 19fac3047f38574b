package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An issuer's public key for blind RSA signatures. Immutable and safe for use by several threads.
 *
 * <p>Its encoding is the SubjectPublicKeyInfo with id-RSASSA-PSS, SHA-384, MGF1 with SHA-384 and a salt of 48 bytes that
 * RFC 9578, 8.2.2 asks for; other encodings of the same key are refused, because the key's id is a hash of these bytes.
 */
public final class BlindRsaPublicKey {
    private static final int MIN_BITS = 2048;
    private static final int MAX_BITS = 8192;
    private static final int MAX_EXPONENT_BITS = 64; // an issuer must not make its clients work hard

    private static final byte[] ALGORITHM = HexFormat.of()
            .parseHex("303d06092a864886f70d01010a3030a00d300b0609608648016503040202"
                    + "a11a301806092a864886f70d010108300b0609608648016503040202a203020130");

    private final BigInteger modulus;
    private final BigInteger exponent;
    private volatile byte @Nullable [] id;
    private volatile @Nullable PublicPower power;

    BlindRsaPublicKey(BigInteger modulus, BigInteger exponent) throws InvalidKeyException {
        if (modulus.bitLength() < MIN_BITS || modulus.bitLength() > MAX_BITS || modulus.bitLength() % 8 != 0) {
            throw new InvalidKeyException("RSA modulus of an unsupported size");
        }
        if (!modulus.testBit(0)
                || !exponent.testBit(0)
                || exponent.bitLength() < 2
                || exponent.compareTo(modulus) >= 0) {
            throw new InvalidKeyException("not an RSA key");
        }
        this.modulus = modulus;
        this.exponent = exponent;
    }

    /**
     * Takes a key of the platform.
     *
     * @param key modulus of 2048 to 8192 bits, a multiple of 8; exponent of up to 64 bits
     * @return the key
     * @throws InvalidKeyException if it is outside of these bounds
     */
    public static BlindRsaPublicKey of(RSAPublicKey key) throws InvalidKeyException {
        return bounded(key.getModulus(), key.getPublicExponent());
    }

    /**
     * Reads a SubjectPublicKeyInfo.
     *
     * @param spki the exact encoding that {@link #spki} gives
     * @return the key
     * @throws InvalidKeyException if it is anything else
     */
    public static BlindRsaPublicKey parse(byte[] spki) throws InvalidKeyException {
        Der outer = new Der(spki);
        Der info = new Der(outer.read(Der.SEQUENCE));
        outer.end();
        if (!Arrays.equals(Der.write(Der.SEQUENCE, info.read(Der.SEQUENCE)), ALGORITHM)) {
            throw new InvalidKeyException("not an RSASSA-PSS key with SHA-384");
        }
        byte[] bits = info.read(Der.BIT_STRING);
        info.end();
        if (bits.length == 0 || bits[0] != 0) {
            throw new InvalidKeyException("malformed key encoding");
        }
        Der string = new Der(Arrays.copyOfRange(bits, 1, bits.length));
        Der numbers = new Der(string.read(Der.SEQUENCE));
        string.end();
        BigInteger modulus = numbers.readPositive();
        BigInteger exponent = numbers.readPositive();
        numbers.end();
        return bounded(modulus, exponent);
    }

    private static BlindRsaPublicKey bounded(BigInteger modulus, BigInteger exponent) throws InvalidKeyException {
        if (exponent.bitLength() > MAX_EXPONENT_BITS) {
            throw new InvalidKeyException("RSA exponent of an unsupported size");
        }
        return new BlindRsaPublicKey(modulus, exponent);
    }

    /**
     * The key as SubjectPublicKeyInfo.
     *
     * @return DER, a new array
     */
    public byte[] spki() {
        byte[] numbers = Der.write(
                Der.SEQUENCE,
                Der.write(Der.INTEGER, modulus.toByteArray()),
                Der.write(Der.INTEGER, exponent.toByteArray()));
        return Der.write(Der.SEQUENCE, ALGORITHM, Der.write(Der.BIT_STRING, new byte[1], numbers));
    }

    /**
     * The token key id (RFC 9578, 6.5): SHA-256 of {@link #spki}.
     *
     * @return 32 bytes, a new array
     */
    public byte[] keyId() {
        byte[] known = id;
        if (known == null) {
            known = EmsaPss.digest("SHA-256").digest(spki());
            id = known;
        }
        return known.clone();
    }

    /**
     * The size of the modulus, which is also that of blinded messages and of signatures.
     *
     * @return bytes
     */
    public int modulusLength() {
        return modulus.bitLength() / 8;
    }

    /** x^e modulo the modulus, for x that is public and below it. */
    BigInteger raise(BigInteger x) {
        if (modulus.bitLength() != PublicPower.BITS || !exponent.equals(PublicPower.EXPONENT)) {
            return x.modPow(exponent, modulus);
        }
        PublicPower known = power;
        if (known == null) {
            known = new PublicPower(modulus);
            power = known;
        }
        return known.of(x);
    }

    BigInteger modulus() {
        return modulus;
    }

    BigInteger exponent() {
        return exponent;
    }

    /** An unsigned number in as many bytes as the modulus has. */
    byte[] toBytes(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] out = new byte[modulusLength()];
        int zeros = out.length - bytes.length; // -1 when the sign has a byte of its own
        System.arraycopy(bytes, Math.max(-zeros, 0), out, Math.max(zeros, 0), Math.min(bytes.length, out.length));
        return out;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BlindRsaPublicKey that
                && modulus.equals(that.modulus)
                && exponent.equals(that.exponent);
    }

    @Override
    public int hashCode() {
        return modulus.hashCode();
    }

    @Override
    public String toString() {
        return "BlindRsaPublicKey[" + HexFormat.of().formatHex(keyId()) + "]";
    }
}
