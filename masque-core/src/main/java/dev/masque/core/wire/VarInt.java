package dev.masque.core.wire;

import java.nio.ByteBuffer;

/** Variable-length integers, RFC 9000, section 16. Without state. Non-minimal encodings are legal to read. */
public final class VarInt {
    /** The largest value: 2^62 - 1. */
    public static final long MAX = (1L << 62) - 1;

    private VarInt() {}

    /**
     * How long a value is on the wire.
     *
     * @param value 0 to {@link #MAX}
     * @return 1, 2, 4 or 8 bytes
     * @throws IllegalArgumentException if the value is out of range
     */
    public static int length(long value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("not a variable-length integer: " + value);
        }
        return value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : 8;
    }

    /**
     * Writes a value in its shortest form.
     *
     * @param out where to; needs room for {@link #length}
     * @param value 0 to {@link #MAX}
     */
    public static void write(ByteBuffer out, long value) {
        switch (length(value)) {
            case 1 -> out.put((byte) value);
            case 2 -> out.putShort((short) (value | 0x4000));
            case 4 -> out.putInt((int) (value | 0x8000_0000L));
            default -> out.putLong(value | 0xc000_0000_0000_0000L);
        }
    }

    /**
     * Reads a value.
     *
     * @param in where from, in network byte order
     * @return the value; -1, with the position as it was, if the buffer ends before the value does
     */
    public static long read(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return -1;
        }
        int length = 1 << ((in.get(in.position()) & 0xff) >>> 6);
        if (in.remaining() < length) {
            return -1;
        }
        return switch (length) {
            case 1 -> in.get();
            case 2 -> in.getShort() & 0x3fff;
            case 4 -> in.getInt() & 0x3fff_ffffL;
            default -> in.getLong() & MAX;
        };
    }
}
