package dev.masque.kwik;

import java.nio.ByteBuffer;
import java.util.Map;
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

    /** How many connections a server keeps, those that are none included. */
    static int connections(ServerConnectorImpl connector) {
        Object registry = Kwik.get(Kwik.field(ServerConnectorImpl.class, "connectionRegistry"), connector);
        return ((Map<?, ?>) Kwik.get(
                        Kwik.field("tech.kwik.core.server.impl.ServerConnectionRegistryImpl", "currentConnections"),
                        registry))
                .size();
    }
}
