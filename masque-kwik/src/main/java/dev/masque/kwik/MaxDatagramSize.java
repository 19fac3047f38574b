package dev.masque.kwik;

import java.lang.reflect.Field;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.impl.QuicConnectionImpl;

/**
 * The largest payload of a QUIC DATAGRAM frame that kwik can send. Its own {@code maxDatagramDataSize} forgets the
 * authentication tag: what it allows beyond this vanishes without a word. Stateless.
 */
final class MaxDatagramSize {
    private static final int FLAGS = 1;
    private static final int PACKET_NUMBER = 4;
    private static final int TAG = 16;

    /** The type of the frame, and its length. */
    private static final int FRAME = 3;

    private static final Field MAX_PACKET_SIZE = Kwik.field("tech.kwik.core.send.SenderImpl", "maxPacketSize");

    private MaxDatagramSize() {}

    static int of(QuicConnection connection) {
        int packet = (int) Kwik.get(MAX_PACKET_SIZE, Kwik.sender(connection));
        int connectionId = ((QuicConnectionImpl) connection).getDestinationConnectionId().length;
        int room = packet - FLAGS - connectionId - PACKET_NUMBER - TAG - FRAME;
        return Math.max(0, Math.min(room, connection.maxDatagramDataSize()));
    }
}
