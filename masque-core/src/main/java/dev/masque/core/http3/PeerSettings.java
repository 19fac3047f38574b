package dev.masque.core.http3;

import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * What a peer says in SETTINGS, RFC 9114, 7.2.4. Immutable.
 *
 * @param extendedConnect SETTINGS_ENABLE_CONNECT_PROTOCOL, RFC 9220
 * @param datagrams SETTINGS_H3_DATAGRAM, RFC 9297, 2.1.1
 * @param maxFieldSectionSize what it takes, {@link VarInt#MAX} if it does not say
 */
public record PeerSettings(boolean extendedConnect, boolean datagrams, long maxFieldSectionSize) {
    /** More settings than any peer has reason to send. */
    static final int MAX_LENGTH = 4_096;

    /** Before SETTINGS arrived. */
    public static final PeerSettings UNKNOWN = new PeerSettings(false, false, VarInt.MAX);

    private static final long MAX_FIELD_SECTION_SIZE = 0x6;
    private static final long ENABLE_CONNECT_PROTOCOL = 0x8;
    private static final long H3_DATAGRAM = 0x33;

    static PeerSettings decode(ByteBuffer payload) throws H3Exception {
        boolean extendedConnect = false;
        boolean datagrams = false;
        long maxFieldSectionSize = VarInt.MAX;
        Set<Long> seen = new HashSet<>();
        while (payload.hasRemaining()) {
            long id = VarInt.read(payload);
            long value = id < 0 ? -1 : VarInt.read(payload);
            if (value < 0) {
                throw H3Exception.connection(H3.FRAME_ERROR, "a setting is cut short");
            }
            if (!seen.add(id)) {
                throw error("a setting twice");
            }
            if (id >= 0x2 && id <= 0x5) {
                throw error("a setting of HTTP/2"); // RFC 9114, 7.2.4.1
            } else if (id == MAX_FIELD_SECTION_SIZE) {
                maxFieldSectionSize = value;
            } else if (id == ENABLE_CONNECT_PROTOCOL) {
                extendedConnect = flag(value);
            } else if (id == H3_DATAGRAM) {
                datagrams = flag(value);
            }
        }
        return new PeerSettings(extendedConnect, datagrams, maxFieldSectionSize);
    }

    /**
     * The control stream's type and our SETTINGS.
     *
     * @param server whether this side is one
     * @param maxFieldSectionSize that this side takes, in bytes
     * @return what the control stream starts with
     */
    public static ByteBuffer open(boolean server, int maxFieldSectionSize) {
        ByteBuffer settings = ByteBuffer.allocate(32);
        VarInt.write(settings, MAX_FIELD_SECTION_SIZE);
        VarInt.write(settings, maxFieldSectionSize);
        VarInt.write(settings, H3_DATAGRAM);
        VarInt.write(settings, 1);
        if (server) {
            VarInt.write(settings, ENABLE_CONNECT_PROTOCOL);
            VarInt.write(settings, 1);
        }
        settings.flip();
        ByteBuffer out = ByteBuffer.allocate(40);
        VarInt.write(out, H3.CONTROL_STREAM);
        VarInt.write(out, H3.SETTINGS);
        VarInt.write(out, settings.remaining());
        return out.put(settings).flip();
    }

    private static boolean flag(long value) throws H3Exception {
        if (value > 1) {
            throw error("a setting that is neither 0 nor 1");
        }
        return value == 1;
    }

    private static H3Exception error(String message) {
        return H3Exception.connection(H3.SETTINGS_ERROR, message);
    }
}
