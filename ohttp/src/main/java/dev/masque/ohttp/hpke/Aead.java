package dev.masque.ohttp.hpke;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The authenticated ciphers that are implemented (RFC 9180, 7.3), on the JDK's ciphers over heap arrays, which it handles
 * about twice as fast as direct buffers.
 */
public enum Aead {
    /** AES-128-GCM. */
    AES_128_GCM(1, 16, "AES/GCM/NoPadding", "AES"),
    /** AES-256-GCM. */
    AES_256_GCM(2, 32, "AES/GCM/NoPadding", "AES"),
    /** ChaCha20-Poly1305. */
    CHACHA20_POLY1305(3, 32, "ChaCha20-Poly1305", "ChaCha20");

    /** Bytes in a nonce, Nn, whichever the cipher. */
    public static final int NONCE_LENGTH = 12;

    /** Bytes a ciphertext is longer than its plaintext, Nt, whichever the cipher. */
    public static final int TAG_LENGTH = 16;

    private final int id;
    private final int keyLength;
    private final String transformation;
    private final String algorithm;

    Aead(int id, int keyLength, String transformation, String algorithm) {
        this.id = id;
        this.keyLength = keyLength;
        this.transformation = transformation;
        this.algorithm = algorithm;
    }

    /**
     * The cipher with an identifier.
     *
     * @param id as in the registry of HPKE AEAD identifiers
     * @return the cipher, if it is implemented
     */
    public static Optional<Aead> of(int id) {
        for (Aead aead : values()) {
            if (aead.id == id) {
                return Optional.of(aead);
            }
        }
        return Optional.empty();
    }

    /**
     * Its identifier.
     *
     * @return as in the registry of HPKE AEAD identifiers
     */
    public int id() {
        return id;
    }

    /**
     * The length of a key, Nk.
     *
     * @return in bytes
     */
    public int keyLength() {
        return keyLength;
    }

    /**
     * A key for this cipher.
     *
     * @param bytes as many as a key has; copied
     * @return the key
     */
    public SecretKeySpec key(byte[] bytes) {
        if (bytes.length != keyLength) {
            throw new IllegalArgumentException(this + " has keys of " + keyLength + " bytes");
        }
        return new SecretKeySpec(bytes, algorithm);
    }

    /**
     * Protects a message.
     *
     * @param key from {@link #key}
     * @param nonce never used before with this key
     * @param aad what else is authenticated
     * @param in where the plaintext is
     * @param from where it starts
     * @param length how long it is
     * @param out takes the ciphertext and the tag
     * @param at where they start
     */
    public void seal(SecretKeySpec key, byte[] nonce, byte[] aad, byte[] in, int from, int length, byte[] out, int at) {
        try {
            Cipher cipher = ready(Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(aad);
            cipher.doFinal(in, from, length, out, at);
            ciphers().give(cipher);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(this + " refuses to seal", e);
        }
    }

    /**
     * Uncovers a message.
     *
     * @param key from {@link #key}
     * @param nonce what it was sealed with
     * @param aad what else is authenticated
     * @param in where the ciphertext and the tag are
     * @param from where they start
     * @param length how long they are together
     * @return the plaintext
     * @throws HpkeException if it was not sealed so
     */
    public byte[] open(SecretKeySpec key, byte[] nonce, byte[] aad, byte[] in, int from, int length)
            throws HpkeException {
        if (length < TAG_LENGTH) {
            throw new HpkeException("a ciphertext is shorter than its tag");
        }
        try {
            Cipher cipher = ready(Cipher.DECRYPT_MODE, key, nonce);
            cipher.updateAAD(aad);
            byte[] plain = cipher.doFinal(in, from, length);
            ciphers().give(cipher);
            return plain;
        } catch (AEADBadTagException e) {
            throw new HpkeException("a ciphertext does not open");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(this + " refuses to open", e);
        }
    }

    private Cipher ready(int mode, SecretKeySpec key, byte[] nonce) throws GeneralSecurityException {
        AlgorithmParameterSpec parameters =
                this == CHACHA20_POLY1305 ? new IvParameterSpec(nonce) : new GCMParameterSpec(8 * TAG_LENGTH, nonce);
        Cipher cipher = ciphers().take();
        try {
            cipher.init(mode, key, parameters);
        } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
            // a cipher of the JDK refuses the key and nonce it had last, even to open: a message that comes twice
            cipher = newCipher(transformation);
            cipher.init(mode, key, parameters);
        }
        return cipher;
    }

    private Pool<Cipher> ciphers() {
        return this == CHACHA20_POLY1305 ? Ciphers.CHACHA : Ciphers.AES;
    }

    private static Cipher newCipher(String transformation) {
        try {
            return Cipher.getInstance(transformation);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no " + transformation, e);
        }
    }

    /** Idle ciphers; the two sizes of AES share theirs. */
    private static final class Ciphers {
        static final Pool<Cipher> AES = new Pool<>(() -> newCipher(AES_128_GCM.transformation));
        static final Pool<Cipher> CHACHA = new Pool<>(() -> newCipher(CHACHA20_POLY1305.transformation));
    }
}
