package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * Partially blind RSA signatures, RSAPBSSA-SHA384-PSS-Deterministic (draft-irtf-cfrg-partially-blind-rsa): client and
 * issuer both know the public {@code info}, only the client knows the message. Safe for use by several threads.
 *
 * <p>Each info has its own key pair, derived from the issuer's; a derived exponent is half as long as the modulus, so that
 * every operation, verification too, costs more than a private one with an ordinary key. Keep derived keys for infos in
 * frequent use.
 */
public final class PartiallyBlindRsa {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CERTAINTY = 112; // FIPS 186-5, B.3: error below 2^-112 for primes of 1024 bits
    private static final int[] SMALL_PRIMES = smallPrimes();

    private PartiallyBlindRsa() {}

    /**
     * Generates a key of 2048 bits whose primes are safe primes, as the derivation needs. This takes some
     * seconds of one core, with bad luck a minute, and does not react to interruption.
     *
     * @return the key
     */
    public static BlindRsaPrivateKey generate() {
        return generate(2048);
    }

    /** Generates a key of another size: for tests. */
    static BlindRsaPrivateKey generate(int bits) {
        BigInteger e = BigInteger.valueOf(65537);
        while (true) {
            BigInteger p = safePrime(bits / 2);
            BigInteger q = safePrime(bits / 2);
            if (!p.equals(q) && p.multiply(q).bitLength() == bits) {
                try {
                    return BlindRsaPrivateKey.ofPrimes(p, q, e);
                } catch (InvalidKeyException impossible) {
                    throw new ProviderException("RSA key generation failed", impossible);
                }
            }
        }
    }

    /** A random prime p with (p - 1) / 2 prime and its two highest bits set. */
    static BigInteger safePrime(int bits) {
        while (true) {
            BigInteger half = new BigInteger(bits - 1, RANDOM)
                    .setBit(bits - 2)
                    .setBit(bits - 3)
                    .setBit(0);
            if (mayBeSafe(half)
                    && half.isProbablePrime(2) // cheap tests of both first: nearly all candidates end here
                    && half.shiftLeft(1).setBit(0).isProbablePrime(CERTAINTY)
                    && half.isProbablePrime(CERTAINTY)) {
                return half.shiftLeft(1).setBit(0);
            }
        }
    }

    private static boolean mayBeSafe(BigInteger half) {
        for (int prime : SMALL_PRIMES) {
            int rest = half.mod(BigInteger.valueOf(prime)).intValue();
            if (rest == 0 || rest == (prime - 1) / 2) { // the second: prime divides 2 * half + 1
                return false;
            }
        }
        return true;
    }

    private static int[] smallPrimes() {
        boolean[] composite = new boolean[1 << 14];
        int[] primes = new int[composite.length];
        int count = 0;
        for (int i = 3; i < composite.length; i += 2) {
            if (!composite[i]) {
                primes[count++] = i;
                for (int j = 3 * i; j < composite.length; j += 2 * i) {
                    composite[j] = true;
                }
            }
        }
        return Arrays.copyOf(primes, count);
    }

    /**
     * Derives the public key for an info.
     *
     * @param key the issuer's key
     * @param info the public metadata
     * @return the key that signatures with this info verify under; it has no encoding of its own
     */
    public static BlindRsaPublicKey derive(BlindRsaPublicKey key, byte[] info) {
        try {
            return new BlindRsaPublicKey(key.modulus(), exponent(key, info));
        } catch (InvalidKeyException impossible) {
            throw new ProviderException("key derivation failed", impossible);
        }
    }

    /**
     * Derives the private key for an info.
     *
     * @param key the issuer's key, made by {@link #generate}
     * @param info the public metadata
     * @return the key that signs with this info
     * @throws InvalidKeyException if the issuer's primes are not safe primes and this info has no key
     */
    public static BlindRsaPrivateKey derive(BlindRsaPrivateKey key, byte[] info) throws InvalidKeyException {
        return BlindRsaPrivateKey.ofPrimes(
                key.key().getPrimeP(), key.key().getPrimeQ(), exponent(key.publicKey(), info));
    }

    private static BigInteger exponent(BlindRsaPublicKey key, byte[] info) {
        byte[] input = new byte[info.length + 4];
        System.arraycopy("key".getBytes(StandardCharsets.US_ASCII), 0, input, 0, 3);
        System.arraycopy(info, 0, input, 3, info.length);
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA384Digest());
        hkdf.init(new HKDFParameters(input, key.toBytes(key.modulus()), "PBRSA".getBytes(StandardCharsets.US_ASCII)));
        int length = key.modulusLength() / 2;
        byte[] expanded = new byte[length + 16];
        hkdf.generateBytes(expanded, 0, expanded.length);
        expanded[0] &= 0x3f;
        expanded[length - 1] |= 1;
        return new BigInteger(1, expanded, 0, length);
    }

    /**
     * Blinds a message for a key and an info.
     *
     * @param key the issuer's key
     * @param info the public metadata
     * @param message the message
     * @return the blinded message with the secret that finishes the signature
     */
    public static PendingSignature blind(BlindRsaPublicKey key, byte[] info, byte[] message) {
        return BlindRsa.PSS_DETERMINISTIC.blind(derive(key, info), augment(info, message));
    }

    /** Blinds with a given salt and blinding factor, as vectors do. */
    static PendingSignature blind(BlindRsaPublicKey key, byte[] info, byte[] message, byte[] salt, BigInteger factor) {
        return BlindRsa.PSS_DETERMINISTIC.blind(derive(key, info), augment(info, message), salt, factor);
    }

    /**
     * Signs a blinded message with an info.
     *
     * @param key the issuer's key, made by {@link #generate}
     * @param info the public metadata, which the issuer must agree with
     * @param blindedMessage the client's blinded message
     * @return the blind signature
     * @throws InvalidKeyException if the issuer's primes are not safe primes and this info has no key
     * @throws SignatureException if the blinded message is none
     */
    public static byte[] blindSign(BlindRsaPrivateKey key, byte[] info, byte[] blindedMessage)
            throws InvalidKeyException, SignatureException {
        return derive(key, info).blindSign(blindedMessage);
    }

    /**
     * Verifies a signature.
     *
     * @param key the issuer's key
     * @param info the public metadata
     * @param message the message
     * @param signature the signature
     * @throws SignatureException if it is not a signature of this message with this info
     */
    public static void verify(BlindRsaPublicKey key, byte[] info, byte[] message, byte[] signature)
            throws SignatureException {
        BlindRsa.PSS_DETERMINISTIC.verify(derive(key, info), augment(info, message), signature);
    }

    private static byte[] augment(byte[] info, byte[] message) {
        byte[] out = new byte[3 + 4 + info.length + message.length];
        System.arraycopy("msg".getBytes(StandardCharsets.US_ASCII), 0, out, 0, 3);
        for (int i = 0; i < 4; i++) {
            out[3 + i] = (byte) (info.length >>> (24 - 8 * i));
        }
        System.arraycopy(info, 0, out, 7, info.length);
        System.arraycopy(message, 0, out, 7 + info.length, message.length);
        return out;
    }
}
