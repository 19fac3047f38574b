package dev.masque.ohttp.hpke;

import javax.crypto.spec.SecretKeySpec;

/**
 * A cipher with a key and a base nonce for messages in order: each has its own nonce, made of the base nonce and a counter
 * (RFC 9180, 5.2). Either seals or opens. For one thread at a time.
 */
public final class AeadSequence {
    private final Aead aead;
    private final SecretKeySpec key;
    private final byte[] baseNonce;
    private long count;

    /**
     * A sequence at its first message.
     *
     * @param aead the cipher
     * @param key as many bytes as its keys have; copied
     * @param baseNonce {@link Aead#NONCE_LENGTH} bytes; kept
     */
    public AeadSequence(Aead aead, byte[] key, byte[] baseNonce) {
        this.aead = aead;
        this.key = aead.key(key);
        this.baseNonce = baseNonce;
    }

    /**
     * Protects the next message.
     *
     * @param aad what else is authenticated
     * @param in where the plaintext is
     * @param from where it starts
     * @param length how long it is
     * @param out takes the ciphertext, {@link Aead#TAG_LENGTH} bytes longer
     * @param at where it starts
     */
    public void seal(byte[] aad, byte[] in, int from, int length, byte[] out, int at) {
        aead.seal(key, nonce(), aad, in, from, length, out, at);
        count++;
    }

    /**
     * Uncovers the next message. One that does not open is not counted.
     *
     * @param aad what else is authenticated
     * @param in where the ciphertext is
     * @param from where it starts
     * @param length how long it is
     * @return the plaintext
     * @throws HpkeException if this is not the next message
     */
    public byte[] open(byte[] aad, byte[] in, int from, int length) throws HpkeException {
        byte[] plain = aead.open(key, nonce(), aad, in, from, length);
        count++;
        return plain;
    }

    private byte[] nonce() {
        if (count < 0) {
            throw new IllegalStateException("2^63 messages under one key");
        }
        byte[] nonce = baseNonce.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[nonce.length - 1 - i] ^= (byte) (count >>> (8 * i));
        }
        return nonce;
    }
}
