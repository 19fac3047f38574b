package dev.masque.ohttp.bhttp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads integers and strings that may arrive in pieces. Memory grows with what has arrived, not with what was announced. */
final class PartReader {
    private long value;
    private int missing;
    private byte[] part = new byte[64];
    private int filled;

    /** Reads an integer, non-minimal encodings too; true when {@link #value} has it, false when the input is used up. */
    boolean integer(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte next = in.get();
            if (missing == 0) {
                missing = VarInt.lengthOf(next) - 1;
                value = next & 0x3f;
            } else {
                missing--;
                value = value << 8 | next & 0xff;
            }
            if (missing == 0) {
                return true;
            }
        }
        return false;
    }

    long value() {
        return value;
    }

    /** Reads so many bytes; true when {@link #take} has them, false when the input is used up. */
    boolean bytes(ByteBuffer in, int length) {
        int count = Math.min(length - filled, in.remaining());
        if (filled + count > part.length) {
            part = Arrays.copyOf(part, Math.max(filled + count, Math.min(length, 2 * part.length)));
        }
        in.get(part, filled, count);
        filled += count;
        return filled == length;
    }

    String take() {
        String text = new String(part, 0, filled, StandardCharsets.ISO_8859_1);
        filled = 0;
        return text;
    }

    /** Whether an integer has begun and not ended. */
    boolean inInteger() {
        return missing != 0;
    }
}
