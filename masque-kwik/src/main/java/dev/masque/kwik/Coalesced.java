package dev.masque.kwik;

import dev.masque.core.http3.CoalescedPackets;
import java.net.DatagramPacket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes packets out of their datagram one after the other, as {@link CoalescedPackets} has it. For the thread that receives. */
final class Coalesced {
    private static final byte[] NOTHING = {};

    private final boolean client;
    private byte[] rest = NOTHING;
    private boolean begun;

    @Nullable private SocketAddress from;

    /** For what arrives at a client, or at a server. */
    Coalesced(boolean client) {
        this.client = client;
    }

    /** Fills in what is left of the last datagram, or says that there is nothing. */
    boolean next(DatagramPacket packet) {
        if (rest.length == 0) {
            return false;
        }
        System.arraycopy(rest, 0, packet.getData(), packet.getOffset(), rest.length);
        packet.setLength(rest.length);
        packet.setSocketAddress(from);
        rest = NOTHING;
        cut(packet);
        return true;
    }

    /** Leaves the first packet of a datagram in it, if it is to be processed alone, and keeps the others for later. */
    void cut(DatagramPacket packet) {
        byte[] data = packet.getData();
        int offset = packet.getOffset();
        int length = CoalescedPackets.firstLength(ByteBuffer.wrap(data, offset, packet.getLength()), client && begun);
        if (length < packet.getLength()) {
            rest = Arrays.copyOfRange(data, offset + length, offset + packet.getLength());
            from = packet.getSocketAddress();
            packet.setLength(length);
        }
        begun = true;
    }
}
