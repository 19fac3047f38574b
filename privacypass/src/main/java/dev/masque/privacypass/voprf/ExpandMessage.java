package dev.masque.privacypass.voprf;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** expand_message_xmd (RFC 9380, 5.3.1). */
final class ExpandMessage {
    private ExpandMessage() {}

    static MessageDigest digest(String hash) {
        try {
            return MessageDigest.getInstance(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(hash + " is missing from this JVM", e);
        }
    }

    /** Uniform bytes from a message, under a domain separation tag of up to 255 bytes. */
    static byte[] xmd(String hash, byte[] message, byte[] tag, int length) {
        MessageDigest digest = digest(hash);
        int size = digest.getDigestLength();
        int blocks = (length + size - 1) / size;
        if (blocks > 255 || length > 65535 || tag.length > 255) {
            throw new IllegalArgumentException("too long for expand_message_xmd");
        }
        int blockSize = size > 32 ? 128 : 64; // SHA-384 and SHA-512, or SHA-256
        digest.update(new byte[blockSize]);
        digest.update(message);
        digest.update(new byte[] {(byte) (length >>> 8), (byte) length, 0});
        byte[] b0 = finish(digest, tag);

        byte[] out = new byte[length];
        byte[] block = new byte[size];
        for (int i = 1; i <= blocks; i++) {
            for (int j = 0; j < size; j++) {
                block[j] ^= b0[j];
            }
            digest.update(block);
            digest.update((byte) i);
            block = finish(digest, tag);
            int at = (i - 1) * size;
            System.arraycopy(block, 0, out, at, Math.min(size, length - at));
        }
        return out;
    }

    private static byte[] finish(MessageDigest digest, byte[] tag) {
        digest.update(tag);
        return digest.digest(new byte[] {(byte) tag.length});
    }
}
