package dev.masque.ohttp.hpke;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869) over the JDK's HMAC. Stateless. */
public final class Hkdf {
    /** Bytes in a pseudorandom key. */
    public static final int HASH_LENGTH = 32;

    /** The identifier of HKDF-SHA256 (RFC 9180, 7.2). */
    public static final int ID = 1;

    private static final String HMAC = "HmacSHA256";
    private static final int MAX_BLOCKS = 255; // RFC 5869, 2.3
    private static final byte[] NO_SALT = new byte[HASH_LENGTH];
    private static final Pool<Mac> MACS = new Pool<>(Hkdf::newMac);

    private Hkdf() {}

    /**
     * Gathers a pseudorandom key.
     *
     * @param salt may be empty
     * @param ikm the input keying material, in pieces
     * @return a pseudorandom key
     */
    public static byte[] extract(byte[] salt, byte[]... ikm) {
        Mac mac = MACS.take();
        key(mac, salt.length == 0 ? NO_SALT : salt);
        for (byte[] piece : ikm) {
            mac.update(piece);
        }
        byte[] key = mac.doFinal();
        MACS.give(mac);
        return key;
    }

    /**
     * Spreads a pseudorandom key.
     *
     * @param prk the pseudorandom key
     * @param length bytes wanted, up to 255 times 32
     * @param info what the bytes are for, in pieces
     * @return the bytes
     */
    public static byte[] expand(byte[] prk, int length, byte[]... info) {
        if (length < 0 || length > MAX_BLOCKS * HASH_LENGTH) {
            throw new IllegalArgumentException("HKDF-SHA256 gives no " + length + " bytes");
        }
        Mac mac = MACS.take();
        key(mac, prk);
        byte[] out = new byte[length];
        byte[] block = new byte[0];
        for (int at = 0, counter = 1; at < length; counter++) {
            mac.update(block);
            for (byte[] piece : info) {
                mac.update(piece);
            }
            mac.update((byte) counter);
            block = mac.doFinal();
            int used = Math.min(block.length, length - at);
            System.arraycopy(block, 0, out, at, used);
            at += used;
        }
        MACS.give(mac);
        Arrays.fill(block, (byte) 0);
        return out;
    }

    private static void key(Mac mac, byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(HMAC + " takes any key", e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
