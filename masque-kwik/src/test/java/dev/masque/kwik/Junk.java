package dev.masque.kwik;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import tech.kwik.core.server.impl.ServerConnectorImpl;

/** Datagrams that look like the first of a QUIC connection, and are not. */
final class Junk {
    static final int LENGTH = 1_200;

    private Junk() {}

    static byte[] first(long id) {
        ByteBuffer packet = ByteBuffer.allocate(LENGTH);
        packet.put((byte) 0xc3).putInt(1);
        packet.put((byte) 8).putLong(0x1234_5678_0000_0000L + id);
        packet.put((byte) 4).putInt(7);
        packet.put((byte) 0).putShort((short) (0x4000 | 1_150));
        return packet.array();
    }

    /** Puts a packet with keys that are long gone before one of a connection whose id has so many bytes. */
    static UnaryOperator<byte[]> afterHandshake(int idLength) {
        return packet -> (packet[0] & 0x80) != 0
                ? packet
                : Wire.join(
                        handshake(Arrays.copyOfRange(packet, 1, 1 + idLength)), // RFC 9000, 17.3.1
                        packet);
    }

    static byte[] handshake(byte[] connection) {
        return Wire.join(Wire.bytes(0xe0, 0, 0, 0, 1, connection.length), connection, Wire.bytes(0, 30), new byte[30]);
    }

    /** How many connections a server keeps, those that are none included. */
    static int connections(ServerConnectorImpl connector) {
        Object registry = Kwik.get(Kwik.field(ServerConnectorImpl.class, "connectionRegistry"), connector);
        return ((Map<?, ?>) Kwik.get(
                        Kwik.field("tech.kwik.core.server.impl.ServerConnectionRegistryImpl", "currentConnections"),
                        registry))
                .size();
    }
}
