package dev.masque.privacypass.blindrsa;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.util.Arrays;

/** The little of DER (X.690) that an RSA key needs: reads within bounds, refuses lengths that are not minimal. */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int SEQUENCE = 0x30;

    private final byte[] bytes;
    private int at;

    Der(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The content of the next value, which must have this tag. */
    byte[] read(int tag) throws InvalidKeyException {
        if (next() != tag) {
            throw malformed();
        }
        int length = next();
        if (length >= 0x80) {
            int count = length - 0x80;
            if (count < 1 || count > 2) { // nothing in a key of ours is longer than 65,535 bytes
                throw malformed();
            }
            length = next();
            if (count == 2) {
                length = length << 8 | next();
            }
            if (length < (count == 1 ? 0x80 : 0x100)) {
                throw malformed();
            }
        }
        if (length > bytes.length - at) {
            throw malformed();
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** The next value, which must be a positive integer. */
    BigInteger readPositive() throws InvalidKeyException {
        byte[] content = read(INTEGER);
        if (content.length == 0) {
            throw malformed();
        }
        BigInteger value = new BigInteger(content);
        if (value.signum() != 1 || value.toByteArray().length != content.length) {
            throw malformed();
        }
        return value;
    }

    void end() throws InvalidKeyException {
        if (at != bytes.length) {
            throw malformed();
        }
    }

    private int next() throws InvalidKeyException {
        if (at == bytes.length) {
            throw malformed();
        }
        return bytes[at++] & 0xff;
    }

    private static InvalidKeyException malformed() {
        return new InvalidKeyException("malformed key encoding");
    }

    static byte[] write(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >>> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }
}
