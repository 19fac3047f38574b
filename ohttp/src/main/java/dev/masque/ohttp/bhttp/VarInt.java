package dev.masque.ohttp.bhttp;

import java.nio.ByteBuffer;

/** Variable-length integers, RFC 9000, section 16. */
final class VarInt {
    static final long MAX = (1L << 62) - 1;

    private VarInt() {}

    static int length(long value) {
        return value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : 8;
    }

    static void write(ByteBuffer out, long value) {
        switch (length(value)) {
            case 1 -> out.put((byte) value);
            case 2 -> out.putShort((short) (value | 0x4000));
            case 4 -> out.putInt((int) (value | 0x8000_0000L));
            default -> out.putLong(value | 0xc000_0000_0000_0000L);
        }
    }

    /** The bytes an encoding has, by its first byte. */
    static int lengthOf(byte first) {
        return 1 << ((first & 0xff) >>> 6);
    }
}
