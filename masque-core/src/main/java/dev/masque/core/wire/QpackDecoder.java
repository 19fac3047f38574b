package dev.masque.core.wire;

import java.nio.ByteBuffer;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads field sections, RFC 9204, of peers that were told a dynamic table of capacity 0. Immutable.
 */
public final class QpackDecoder {
    private static final int OVERHEAD = 32; // RFC 9114, 4.2.2

    private final int maxFieldSectionSize;

    /**
     * A decoder with a limit.
     *
     * @param maxFieldSectionSize bytes of names and values and 32 a field, RFC 9114, 4.2.2
     */
    public QpackDecoder(int maxFieldSectionSize) {
        this.maxFieldSectionSize = maxFieldSectionSize;
    }

    /**
     * Decodes a field section.
     *
     * @param section the whole section; its position afterwards is its limit
     * @return names and values in order, pseudo-fields included; characters are bytes
     * @throws QpackException if it is malformed, refers to the dynamic table, or is over the limit
     */
    public List<Map.Entry<String, String>> decode(ByteBuffer section) throws QpackException {
        long insertCount = integer(section, 8);
        integer(section, 7);
        if (insertCount != 0) {
            throw broken("field section refers to the dynamic table");
        }
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        int left = maxFieldSectionSize;
        while (section.hasRemaining()) {
            left -= OVERHEAD;
            if (left < 0) {
                throw QpackPrimitives.tooLarge();
            }
            Map.Entry<String, String> field = field(section, left);
            left -= field.getKey().length() + field.getValue().length();
            if (left < 0) {
                throw QpackPrimitives.tooLarge();
            }
            fields.add(field);
        }
        return fields;
    }

    private static Map.Entry<String, String> field(ByteBuffer in, int limit) throws QpackException {
        int first = in.get(in.position()) & 0xff;
        if ((first & 0x80) != 0) { // indexed field line, RFC 9204, 4.5.2
            requireStatic(first, 0x40);
            return row(integer(in, 6));
        }
        String name;
        if ((first & 0x40) != 0) { // literal with name reference, 4.5.4
            requireStatic(first, 0x10);
            name = row(integer(in, 4)).getKey();
        } else if ((first & 0x20) != 0) { // literal with literal name, 4.5.6
            name = QpackPrimitives.readString(in, 3, limit);
        } else {
            throw broken("field line refers to the dynamic table");
        }
        return new SimpleImmutableEntry<>(name, QpackPrimitives.readString(in, 7, limit));
    }

    private static void requireStatic(int first, int flag) throws QpackException {
        if ((first & flag) == 0) {
            throw broken("field line refers to the dynamic table");
        }
    }

    private static Map.Entry<String, String> row(long index) throws QpackException {
        if (index >= QpackStaticTable.ROWS.size()) {
            throw broken("index beyond the static table");
        }
        return QpackStaticTable.ROWS.get((int) index);
    }

    private static long integer(ByteBuffer in, int prefixBits) throws QpackException {
        long value = QpackPrimitives.readInteger(in, prefixBits, QpackException.Code.DECOMPRESSION_FAILED);
        if (value < 0) {
            throw QpackPrimitives.cut();
        }
        return value;
    }

    private static QpackException broken(String what) {
        return new QpackException(QpackException.Code.DECOMPRESSION_FAILED, what);
    }
}
