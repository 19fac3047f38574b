package dev.masque.privacypass.blindrsa;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** EMSA-PSS (RFC 8017, 9.1) with MGF1 over the same hash. */
final class EmsaPss {
    private EmsaPss() {}

    static MessageDigest digest(String hash) {
        try {
            return MessageDigest.getInstance(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(hash + " is missing from this JVM", e);
        }
    }

    /**
     * Encodes a message.
     *
     * @param hash name of the hash function
     * @param emBits length of the encoded message in bits: one less than the modulus has
     * @param salt the salt
     */
    static byte[] encode(String hash, byte[] message, int emBits, byte[] salt) {
        MessageDigest digest = digest(hash);
        int hashLength = digest.getDigestLength();
        int length = (emBits + 7) / 8;
        if (length < hashLength + salt.length + 2) {
            throw new IllegalArgumentException("modulus too short for this hash and salt");
        }
        byte[] messageHash = digest.digest(message);
        digest.update(new byte[8]);
        digest.update(messageHash);
        byte[] h = digest.digest(salt);

        byte[] encoded = new byte[length];
        int maskedLength = length - hashLength - 1;
        encoded[maskedLength - salt.length - 1] = 1;
        System.arraycopy(salt, 0, encoded, maskedLength - salt.length, salt.length);
        mask(digest, h, encoded, maskedLength);
        encoded[0] &= (byte) (0xff >>> (8 * length - emBits));
        System.arraycopy(h, 0, encoded, maskedLength, hashLength);
        encoded[length - 1] = (byte) 0xbc;
        return encoded;
    }

    /**
     * Checks an encoded message, section 9.1.2.
     *
     * @param hash name of the hash function
     * @param encoded the encoded message; used up
     * @param emBits its length in bits: one less than the modulus has
     * @param saltLength bytes of the salt
     * @return whether it is one of this message
     */
    static boolean verify(String hash, byte[] message, byte[] encoded, int emBits, int saltLength) {
        MessageDigest digest = digest(hash);
        int hashLength = digest.getDigestLength();
        int length = (emBits + 7) / 8;
        int maskedLength = length - hashLength - 1;
        int one = maskedLength - saltLength - 1;
        int unused = 0xff << (8 - (8 * length - emBits)) & 0xff;
        if (one < 0 || encoded.length != length || encoded[length - 1] != (byte) 0xbc || (encoded[0] & unused) != 0) {
            return false;
        }
        byte[] h = Arrays.copyOfRange(encoded, maskedLength, length - 1);
        mask(digest, h, encoded, maskedLength);
        encoded[0] &= (byte) ~unused;
        for (int i = 0; i < one; i++) {
            if (encoded[i] != 0) {
                return false;
            }
        }
        if (encoded[one] != 1) {
            return false;
        }
        byte[] messageHash = digest.digest(message);
        digest.update(new byte[8]);
        digest.update(messageHash);
        digest.update(encoded, one + 1, saltLength);
        return MessageDigest.isEqual(h, digest.digest());
    }

    /** Exclusive-ors MGF1(seed) (RFC 8017, B.2.1) into the first bytes of the target. */
    private static void mask(MessageDigest digest, byte[] seed, byte[] target, int length) {
        for (int i = 0, counter = 0; i < length; counter++) {
            digest.update(seed);
            byte[] block = digest.digest(
                    new byte[] {(byte) (counter >>> 24), (byte) (counter >>> 16), (byte) (counter >>> 8), (byte) counter
                    });
            for (int j = 0; j < block.length && i < length; j++, i++) {
                target[i] ^= block[j];
            }
        }
    }
}
