package dev.masque.core.wire;

import java.nio.ByteBuffer;

/** Writes capsules, RFC 9297, section 3.2. Without state; {@link CapsuleDecoder} reads them. */
public final class Capsules {
    /** The type of a DATAGRAM capsule, RFC 9297, 3.5. */
    static final long DATAGRAM = 0x00;

    private Capsules() {}

    /**
     * How long a DATAGRAM capsule is.
     *
     * @param payload bytes of the HTTP Datagram Payload
     * @return bytes of the whole capsule
     */
    public static int datagramLength(int payload) {
        return 1 + VarInt.length(payload) + payload;
    }

    /**
     * Writes a DATAGRAM capsule.
     *
     * @param out where to; needs room for {@link #datagramLength}
     * @param payload the HTTP Datagram Payload; its position afterwards is its limit
     */
    public static void writeDatagram(ByteBuffer out, ByteBuffer payload) {
        writeDatagramHeader(out, payload.remaining());
        out.put(payload);
    }

    /**
     * Writes the type and length of a DATAGRAM capsule.
     *
     * @param out where to
     * @param payloadLength bytes of the HTTP Datagram Payload that follows
     */
    public static void writeDatagramHeader(ByteBuffer out, int payloadLength) {
        VarInt.write(out, DATAGRAM);
        VarInt.write(out, payloadLength);
    }
}
