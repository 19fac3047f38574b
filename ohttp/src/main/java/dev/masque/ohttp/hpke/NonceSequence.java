package dev.masque.ohttp.hpke;

/** A base nonce and a counter that make a new nonce for each message (RFC 9180, 5.2). For one thread at a time. */
public final class NonceSequence {
    private final byte[] base;
    private long sequence;

    /**
     * A sequence at its start.
     *
     * @param base the base nonce; kept
     */
    public NonceSequence(byte[] base) {
        this.base = base;
    }

    /**
     * The nonce of the message that is next.
     *
     * @return a nonce
     */
    public byte[] nonce() {
        if (sequence < 0) {
            throw new IllegalStateException("2^63 messages under one key");
        }
        byte[] nonce = base.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[nonce.length - 1 - i] ^= (byte) (sequence >>> (8 * i));
        }
        return nonce;
    }

    /** Goes on to the message after. */
    public void advance() {
        sequence++;
    }
}
