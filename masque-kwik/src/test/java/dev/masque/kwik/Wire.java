package dev.masque.kwik;

import dev.masque.core.http3.H3;
import dev.masque.core.wire.QpackEncoder;
import dev.masque.core.wire.VarInt;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Bytes of HTTP/3, legal or not. */
final class Wire {
    static final byte[] SETTINGS = frame(H3.SETTINGS, settings(0x33, 1));

    private Wire() {}

    static byte[] varint(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(VarInt.length(value));
        VarInt.write(bytes, value);
        return bytes.array();
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] frame(long type, byte[] payload) {
        return join(varint(type), varint(payload.length), payload);
    }

    /** What was read to the end of a stream, without the empty DATA frame with which that may come. */
    static String withoutEmptyData(String all) {
        return all.endsWith("\0\0") ? all.substring(0, all.length() - 2) : all;
    }

    /** Identifiers and values, without the frame. */
    static byte[] settings(long... pairs) {
        byte[] all = new byte[0];
        for (long number : pairs) {
            all = join(all, varint(number));
        }
        return all;
    }

    /** A HEADERS frame. */
    static byte[] headers(String... namesAndValues) {
        List<Map.Entry<String, String>> section = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            section.add(new SimpleImmutableEntry<>(namesAndValues[i], namesAndValues[i + 1]));
        }
        ByteBuffer encoded = QpackEncoder.encode(section);
        byte[] payload = new byte[encoded.remaining()];
        encoded.get(payload);
        return frame(H3.HEADERS, payload);
    }

    static byte[] get(String path) {
        return headers(":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", path);
    }

    static byte[] connect() {
        return headers(":method", "CONNECT", ":authority", "target.example:443");
    }

    static byte[] connectUdp() {
        return headers(
                ":method",
                "CONNECT",
                ":protocol",
                "connect-udp",
                ":scheme",
                "https",
                ":authority",
                "localhost",
                ":path",
                "/masque",
                "capsule-protocol",
                "?1");
    }
}
