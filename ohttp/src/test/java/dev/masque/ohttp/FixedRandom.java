package dev.masque.ohttp;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Gives the bytes it was made of, once. */
public final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final transient ByteBuffer bytes;

    public FixedRandom(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        bytes = ByteBuffer.allocate(length);
        for (byte[] piece : pieces) {
            bytes.put(piece);
        }
        bytes.flip();
    }

    @Override
    public void nextBytes(byte[] out) {
        bytes.get(out);
    }
}
