package dev.masque.ohttp.hpke;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A private key with its public key. Immutable; shows the private key only to those who ask for it by name. */
public final class HpkeKeyPair {
    private final Kem kem;
    private final byte[] privateKey;
    private final byte[] publicKey;

    private HpkeKeyPair(Kem kem, byte[] privateKey, byte[] publicKey) {
        this.kem = kem;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * A new key pair.
     *
     * @param kem what it is for
     * @param random where its private key comes from
     * @return a key pair
     */
    public static HpkeKeyPair generate(Kem kem, SecureRandom random) {
        byte[] key = kem.algorithm().newPrivateKey(random);
        return new HpkeKeyPair(kem, key, kem.algorithm().publicKey(key));
    }

    /**
     * The key pair that keying material stands for: DeriveKeyPair, RFC 9180, 7.1.3.
     *
     * @param kem what it is for
     * @param ikm as secret and as random as the private key is to be
     * @return a key pair
     */
    public static HpkeKeyPair derive(Kem kem, byte[] ikm) {
        byte[] key = kem.algorithm().derivePrivateKey(ikm);
        return new HpkeKeyPair(kem, key, kem.algorithm().publicKey(key));
    }

    /**
     * The key pair of a private key.
     *
     * @param kem what it is for
     * @param privateKey serialized as RFC 9180, 7.1.2 says; copied
     * @return a key pair
     * @throws HpkeException if that is no private key
     */
    public static HpkeKeyPair of(Kem kem, byte[] privateKey) throws HpkeException {
        kem.algorithm().checkPrivateKey(privateKey);
        return new HpkeKeyPair(kem, privateKey.clone(), kem.algorithm().publicKey(privateKey));
    }

    /**
     * What this is a key pair for.
     *
     * @return the key encapsulation mechanism
     */
    public Kem kem() {
        return kem;
    }

    /**
     * The public half.
     *
     * @return the serialized public key; a copy
     */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * The secret half, to store it where only its owner reads.
     *
     * @return the serialized private key; a copy
     */
    public byte[] exportPrivateKey() {
        return privateKey.clone();
    }

    byte[] decapsulate(byte[] encapsulated) throws HpkeException {
        return kem.algorithm().decapsulate(privateKey, publicKey, encapsulated);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HpkeKeyPair pair
                && kem == pair.kem
                && Arrays.equals(publicKey, pair.publicKey)
                && MessageDigest.isEqual(privateKey, pair.privateKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(publicKey);
    }

    @Override
    public String toString() {
        return "a key pair for " + kem;
    }
}
