package dev.masque.core.wire;

import java.nio.ByteBuffer;

/**
 * The Huffman code of HPACK and QPACK, RFC 7541, appendix B. The code is canonical: the lengths alone define it. Without
 * state.
 */
final class Huffman {
    private static final int EOS = 256;
    private static final int MAX_BITS = 30;

    /** Bits of the code of each byte, then of EOS: A is 5, B is 6, and so on. */
    private static final String LENGTHS = "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCC"
            + "CCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSS"
            + "PRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

    private static final int[] CODES = new int[EOS + 1];

    /** By length: the first code, and where its symbols start in {@link #SYMBOLS}. */
    private static final int[] FIRST = new int[MAX_BITS + 1];

    private static final int[] START = new int[MAX_BITS + 2];
    private static final int[] SYMBOLS = new int[EOS + 1];

    static {
        int code = 0;
        int at = 0;
        for (int bits = 1; bits <= MAX_BITS; bits++) {
            code <<= 1;
            FIRST[bits] = code;
            START[bits] = at;
            for (int symbol = 0; symbol <= EOS; symbol++) {
                if (length(symbol) == bits) {
                    CODES[symbol] = code++;
                    SYMBOLS[at++] = symbol;
                }
            }
        }
        START[MAX_BITS + 1] = at;
    }

    private Huffman() {}

    private static int length(int symbol) {
        return LENGTHS.charAt(symbol) - 'A' + 5;
    }

    /** Bytes of the coded form; characters are bytes. */
    static int encodedLength(String text) {
        long bits = 0;
        for (int i = 0; i < text.length(); i++) {
            bits += length(text.charAt(i) & 0xff);
        }
        return (int) ((bits + 7) / 8);
    }

    static void encode(String text, ByteBuffer out) {
        long pending = 0;
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            int symbol = text.charAt(i) & 0xff;
            pending = pending << length(symbol) | CODES[symbol];
            count += length(symbol);
            while (count >= 8) {
                count -= 8;
                out.put((byte) (pending >> count));
            }
        }
        if (count > 0) {
            out.put((byte) (pending << (8 - count) | 0xff >> count)); // padded with the start of EOS
        }
    }

    /** The text of coded bytes; the caller bounds them, and no byte makes more than 8/5 characters. */
    static String decode(ByteBuffer in) throws QpackException {
        StringBuilder text = new StringBuilder(in.remaining() * 8 / 5 + 1);
        int code = 0;
        int bits = 0;
        while (in.hasRemaining()) {
            int octet = in.get();
            for (int i = 7; i >= 0; i--) {
                code = code << 1 | octet >> i & 1;
                bits++;
                int index = code - FIRST[bits];
                if (index >= 0 && index < START[bits + 1] - START[bits]) {
                    int symbol = SYMBOLS[START[bits] + index];
                    if (symbol == EOS) {
                        throw broken("EOS in a Huffman string"); // RFC 7541, 5.2
                    }
                    text.append((char) symbol);
                    code = 0;
                    bits = 0;
                }
            }
        }
        if (bits > 7 || code != (1 << bits) - 1) {
            throw broken("wrong padding of a Huffman string"); // RFC 7541, 5.2
        }
        return text.toString();
    }

    private static QpackException broken(String what) {
        return new QpackException(QpackException.Code.DECOMPRESSION_FAILED, what);
    }
}
