package dev.masque.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Prefix integers and string literals, RFC 9204, section 4.1. Without state. */
final class QpackPrimitives {
    /** No integer of a field section or instruction that we accept is larger. */
    private static final long MAX_INTEGER = 1L << 32;

    private QpackPrimitives() {}

    static int integerLength(long value, int prefixBits) {
        int mask = (1 << prefixBits) - 1;
        if (value < mask) {
            return 1;
        }
        int length = 2;
        for (long rest = value - mask; rest >= 0x80; rest >>>= 7) {
            length++;
        }
        return length;
    }

    static void writeInteger(ByteBuffer out, int flags, int prefixBits, long value) {
        int mask = (1 << prefixBits) - 1;
        if (value < mask) {
            out.put((byte) (flags | (int) value));
            return;
        }
        out.put((byte) (flags | mask));
        long rest = value - mask;
        while (rest >= 0x80) {
            out.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** The value, or -1 with the position as it was if the buffer ends before it. */
    static long readInteger(ByteBuffer in, int prefixBits, QpackException.Code code) throws QpackException {
        int start = in.position();
        if (!in.hasRemaining()) {
            return -1;
        }
        int mask = (1 << prefixBits) - 1;
        long value = in.get() & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; in.hasRemaining(); shift += 7) {
            int octet = in.get();
            value += (long) (octet & 0x7f) << shift;
            if (value > MAX_INTEGER || shift > 35) {
                throw new QpackException(code, "integer is too large");
            }
            if (octet >= 0) {
                return value;
            }
        }
        in.position(start);
        return -1;
    }

    static int stringLength(String text, int prefixBits) {
        int length = Math.min(text.length(), Huffman.encodedLength(text));
        return integerLength(length, prefixBits) + length;
    }

    /** The shorter of plain and Huffman; the flag of Huffman stands just above the prefix. */
    static void writeString(ByteBuffer out, int flags, int prefixBits, String text) {
        int huffman = Huffman.encodedLength(text);
        if (huffman < text.length()) {
            writeInteger(out, flags | 1 << prefixBits, prefixBits, huffman);
            Huffman.encode(text, out);
        } else {
            writeInteger(out, flags, prefixBits, text.length());
            out.put(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** A string of a complete field section, of at most {@code limit} characters. */
    static String readString(ByteBuffer in, int prefixBits, int limit) throws QpackException {
        if (!in.hasRemaining()) {
            throw cut();
        }
        boolean huffman = (in.get(in.position()) & 1 << prefixBits) != 0;
        long length = readInteger(in, prefixBits, QpackException.Code.DECOMPRESSION_FAILED);
        if (length < 0 || length > in.remaining()) {
            throw cut();
        }
        if (length > (huffman ? 4L * limit : limit)) {
            throw tooLarge(); // 30 bits at most for a character
        }
        ByteBuffer literal = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        String text = huffman
                ? Huffman.decode(literal)
                : StandardCharsets.ISO_8859_1.decode(literal).toString();
        if (text.length() > limit) {
            throw tooLarge();
        }
        return text;
    }

    static QpackException cut() {
        return new QpackException(QpackException.Code.DECOMPRESSION_FAILED, "field section is cut short");
    }

    static QpackException tooLarge() {
        return new QpackException(QpackException.Code.EXCESSIVE_LOAD, "field section is too large");
    }
}
