package dev.masque.core.wire;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Writes field sections, RFC 9204, with the static table and literals only. Without state. */
public final class QpackEncoder {
    private QpackEncoder() {}

    /**
     * Encodes a field section.
     *
     * @param fields names and values in order, pseudo-fields first; names in lower case, all characters under U+0100
     * @return the section, from position to limit
     */
    public static ByteBuffer encode(List<? extends Map.Entry<String, String>> fields) {
        int length = 2;
        for (Map.Entry<String, String> field : fields) {
            length += length(field);
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putShort((short) 0); // Required Insert Count 0, Base 0: RFC 9204, 4.5.1
        for (Map.Entry<String, String> field : fields) {
            write(field, out);
        }
        return out.flip();
    }

    private static int length(Map.Entry<String, String> field) {
        int row = QpackStaticTable.find(Map.entry(field.getKey(), field.getValue()));
        if (row >= 0) {
            return QpackPrimitives.integerLength(row, 6);
        }
        int name = QpackStaticTable.find(field.getKey());
        int nameLength =
                name >= 0 ? QpackPrimitives.integerLength(name, 4) : QpackPrimitives.stringLength(field.getKey(), 3);
        return nameLength + QpackPrimitives.stringLength(field.getValue(), 7);
    }

    private static void write(Map.Entry<String, String> field, ByteBuffer out) {
        int row = QpackStaticTable.find(Map.entry(field.getKey(), field.getValue()));
        if (row >= 0) {
            QpackPrimitives.writeInteger(out, 0xc0, 6, row); // 4.5.2, static
            return;
        }
        int name = QpackStaticTable.find(field.getKey());
        int never = isSecret(field.getKey()) ? 1 : 0;
        if (name >= 0) {
            QpackPrimitives.writeInteger(out, 0x50 | never << 5, 4, name); // 4.5.4, static
        } else {
            QpackPrimitives.writeString(out, 0x20 | never << 4, 3, field.getKey()); // 4.5.6
        }
        QpackPrimitives.writeString(out, 0, 7, field.getValue());
    }

    /** Never to be put in a table by an intermediary, RFC 9204, 7.1.3. */
    private static boolean isSecret(String name) {
        return name.equals("proxy-authorization") || name.equals("authorization") || name.equals("cookie");
    }
}
