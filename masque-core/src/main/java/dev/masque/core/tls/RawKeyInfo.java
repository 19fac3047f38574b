package dev.masque.core.tls;

import dev.masque.core.Bytes;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The two forms that the SubjectPublicKeyInfo of a raw public key may have, each with one encoding in DER. What is left out thereby
 * is everything that a parser could be led astray with. Stateless.
 */
public final class RawKeyInfo {
    /** Before the 32 bytes of an Ed25519 key, RFC 8410, 4. */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    /** Before the 64 bytes of an uncompressed point on P-256, RFC 5480, 2. */
    private static final byte[] P256 =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    private static final int ED25519_KEY = 32;
    private static final int P256_POINT = 64;

    private RawKeyInfo() {}

    /**
     * Whether it is of a kind that is spoken.
     *
     * @param info the DER of a SubjectPublicKeyInfo, or something else
     * @return true if it is a key of Ed25519, or one of P-256 with an uncompressed point
     */
    public static boolean isSupported(Bytes info) {
        return isEd25519(info) || starts(info, P256, P256_POINT);
    }

    /**
     * Whether it is a key of Ed25519.
     *
     * @param info the DER of a SubjectPublicKeyInfo, or something else
     * @return true if so
     */
    public static boolean isEd25519(Bytes info) {
        return starts(info, ED25519, ED25519_KEY);
    }

    /** The info of a point on P-256, which follows the last byte of the prefix. */
    static byte[] ofPoint(byte[] from, int at) {
        byte[] info = new byte[P256.length + P256_POINT];
        System.arraycopy(P256, 0, info, 0, P256.length);
        System.arraycopy(from, at, info, P256.length, P256_POINT);
        return info;
    }

    private static boolean starts(Bytes info, byte[] prefix, int rest) {
        if (info.size() != prefix.length + rest) {
            return false;
        }
        byte[] bytes = info.toArray();
        return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
