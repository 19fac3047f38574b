package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An issuer's private key for blind RSA signatures. Immutable in what can be seen, and safe for use by several threads.
 *
 * <p>What is signed is chosen by the client, so the private operation works on blinded operands only, with the
 * exponentiation that the platform's own provider uses: {@link BigInteger#modPow}, or with that of a provider which is
 * faster, see {@link #using}. Every result is checked with the public exponent before it leaves, so that a fault in one half
 * of the Chinese-remainder computation cannot give the factors away.
 */
public final class BlindRsaPrivateKey {
    private static final int GENERATED_BITS = 2048; // RFC 9578, 6.1: Nk = 256

    private final BlindRsaPublicKey publicKey;
    private final RSAPrivateCrtKey key;
    private final Barrett p;
    private final Barrett q;
    private final @Nullable ProviderPower power;
    private final AtomicReference<@Nullable BlindingFactor> factor = new AtomicReference<>();

    BlindRsaPrivateKey(BlindRsaPublicKey publicKey, RSAPrivateCrtKey key) {
        this(publicKey, key, null);
    }

    private BlindRsaPrivateKey(BlindRsaPublicKey publicKey, RSAPrivateCrtKey key, @Nullable ProviderPower power) {
        this.publicKey = publicKey;
        this.key = key;
        this.power = power;
        this.p = new Barrett(key.getPrimeP());
        this.q = new Barrett(key.getPrimeQ());
    }

    /**
     * Generates a key of 2048 bits with exponent 65537.
     *
     * @return the key
     */
    public static BlindRsaPrivateKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(GENERATED_BITS);
            return of((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException e) {
            throw new ProviderException("RSA key generation failed", e);
        }
    }

    /**
     * Reads a private key from PKCS#8.
     *
     * @param pkcs8 DER with the algorithm rsaEncryption or id-RSASSA-PSS
     * @return the key
     * @throws InvalidKeyException if it is not a consistent RSA key with its two primes
     */
    public static BlindRsaPrivateKey parse(byte[] pkcs8) throws InvalidKeyException {
        for (String algorithm : new String[] {"RSA", "RSASSA-PSS"}) {
            try {
                PrivateKey parsed =
                        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8.clone()));
                if (parsed instanceof RSAPrivateCrtKey crt) {
                    return of(crt);
                }
            } catch (InvalidKeyException e) {
                throw e;
            } catch (GeneralSecurityException e) {
                // the other algorithm may read it; what was wrong could quote the key, so it goes no further
            }
        }
        throw new InvalidKeyException("not an RSA private key with its primes in PKCS#8");
    }

    /**
     * Takes a key of the platform.
     *
     * @param key a private key with its primes; the public exponent has up to 64 bits
     * @return the key
     * @throws InvalidKeyException if its numbers do not belong together or its size is not supported
     */
    public static BlindRsaPrivateKey of(RSAPrivateCrtKey key) throws InvalidKeyException {
        BigInteger p = key.getPrimeP();
        BigInteger q = key.getPrimeQ();
        if (!p.multiply(q).equals(key.getModulus()) || p.bitLength() < 2 || q.bitLength() < 2) {
            throw new InvalidKeyException("RSA primes and modulus do not belong together");
        }
        BlindRsaPrivateKey made = ofPrimes(p, q, key.getPublicExponent());
        if (!made.key.getPrimeExponentP().equals(key.getPrimeExponentP())
                || !made.key.getPrimeExponentQ().equals(key.getPrimeExponentQ())
                || !made.key.getCrtCoefficient().equals(key.getCrtCoefficient())) {
            throw new InvalidKeyException("RSA exponents and primes do not belong together");
        }
        return made;
    }

    /**
     * The same key, whose private operations a security provider does: in native code, it signs 1.7 times as often. The
     * operands stay blinded, and the results are checked, whatever the provider does.
     *
     * <pre>{@code
     * BlindRsaPrivateKey fast = key.using(Conscrypt.newProvider());
     * }</pre>
     *
     * @param provider has the cipher {@code RSA/ECB/NoPadding}
     * @return the key
     * @throws InvalidKeyException if the provider does not take the key, or what it makes of it is wrong
     */
    public BlindRsaPrivateKey using(Provider provider) throws InvalidKeyException {
        BlindRsaPrivateKey made = new BlindRsaPrivateKey(publicKey, key, new ProviderPower(provider, publicKey, key));
        try {
            made.blindSign(publicKey.toBytes(publicKey.modulus().shiftRight(1)));
            return made;
        } catch (ProviderException | SignatureException e) {
            throw new InvalidKeyException("no RSA private operations with provider " + provider.getName(), e);
        }
    }

    static BlindRsaPrivateKey ofPrimes(BigInteger p, BigInteger q, BigInteger e) throws InvalidKeyException {
        BlindRsaPublicKey publicKey = new BlindRsaPublicKey(p.multiply(q), e);
        BigInteger p1 = p.subtract(BigInteger.ONE);
        BigInteger q1 = q.subtract(BigInteger.ONE);
        try {
            BigInteger d = e.modInverse(p1.multiply(q1));
            return new BlindRsaPrivateKey(publicKey, crtKey(publicKey, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p)));
        } catch (ArithmeticException notInvertible) {
            throw new InvalidKeyException("RSA exponent and primes do not belong together");
        }
    }

    static RSAPrivateCrtKey crtKey(
            BlindRsaPublicKey publicKey,
            BigInteger d,
            BigInteger p,
            BigInteger q,
            BigInteger dp,
            BigInteger dq,
            BigInteger coefficient)
            throws InvalidKeyException {
        try {
            return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                    .generatePrivate(new RSAPrivateCrtKeySpec(
                            publicKey.modulus(), publicKey.exponent(), d, p, q, dp, dq, coefficient));
        } catch (NoSuchAlgorithmException e) {
            throw new ProviderException("RSA is missing from this JVM", e);
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("not an RSA private key");
        }
    }

    /**
     * Signs a blinded message (RFC 9474, 4.3).
     *
     * @param blindedMessage as many bytes as the modulus has, below the modulus, not zero
     * @return the blind signature, a new array
     * @throws SignatureException if the blinded message is none
     * @throws ProviderException if the signature failed its own check; nothing of it is given out
     */
    public byte[] blindSign(byte[] blindedMessage) throws SignatureException {
        BigInteger n = publicKey.modulus();
        if (blindedMessage.length != publicKey.modulusLength()) {
            throw new SignatureException("blinded message of the wrong length");
        }
        BigInteger m = new BigInteger(1, blindedMessage);
        if (m.signum() == 0 || m.compareTo(n) >= 0) {
            throw new SignatureException("blinded message out of range");
        }
        BigInteger s = privateOperation(m);
        if (!publicKey.raise(s).equals(m)) { // RFC 9474, 4.3: against faults (Boneh, DeMillo, Lipton)
            factor.set(null);
            throw new ProviderException("RSA private operation failed its check");
        }
        return publicKey.toBytes(s);
    }

    /** m^d modulo n by way of the primes, with blinded operands. */
    private BigInteger privateOperation(BigInteger m) {
        BlindingFactor used = nextFactor();
        BigInteger mp = p.product(p.reduce(m), used.powerP);
        BigInteger mq = q.product(q.reduce(m), used.powerQ);
        BigInteger sp;
        BigInteger sq;
        if (power == null) {
            sp = mp.modPow(key.getPrimeExponentP(), p.modulus());
            sq = mq.modPow(key.getPrimeExponentQ(), q.modulus());
        } else {
            BigInteger s = power.of(join(mp, mq));
            sp = p.reduce(s);
            sq = q.reduce(s);
        }
        return join(p.product(sp, used.inverseP), q.product(sq, used.inverseQ));
    }

    /** The number modulo n of which this is left modulo the primes. */
    private BigInteger join(BigInteger modP, BigInteger modQ) {
        BigInteger h = p.product(modP.subtract(modQ).mod(p.modulus()), key.getCrtCoefficient());
        return h.multiply(q.modulus()).add(modQ);
    }

    private BlindingFactor nextFactor() {
        BlindingFactor taken = factor.getAndSet(null); // two threads never share one
        BlindingFactor current = taken == null || taken.isSpent() ? BlindingFactor.create(key) : taken;
        factor.set(current.next(p, q));
        return current;
    }

    /**
     * The public half.
     *
     * @return the public key
     */
    public BlindRsaPublicKey publicKey() {
        return publicKey;
    }

    /**
     * The key as PKCS#8 with the algorithm rsaEncryption, which every tool reads.
     *
     * @return DER, a new array: the caller wipes it when it is done
     */
    public byte[] pkcs8() {
        return key.getEncoded();
    }

    RSAPrivateCrtKey key() {
        return key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BlindRsaPrivateKey that
                && publicKey.equals(that.publicKey)
                && MessageDigest.isEqual(
                        key.getPrivateExponent().toByteArray(),
                        that.key.getPrivateExponent().toByteArray());
    }

    @Override
    public int hashCode() {
        return publicKey.hashCode();
    }

    /** Names the public half only. */
    @Override
    public String toString() {
        return "BlindRsaPrivateKey[" + publicKey + "]";
    }
}
