package dev.masque.core.http3;

import dev.masque.core.wire.VarInt;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Where the first of several QUIC packets in one UDP datagram ends, RFC 9000, 12.2. An endpoint has to process each of them,
 * but where the keys of one are gone both kwik and quiche drop what follows it too: what a client says first, if its
 * acknowledgement of the handshake comes along with it, and the end of the handshake, if an Initial is sent again before it.
 * So a transport hands them such packets one by one. Stateless.
 */
public final class CoalescedPackets {
    private static final int LONG_HEADER = 0x80;
    private static final int VERSION_1 = 1;
    private static final int VERSION_2 = 0x6b3343cf; // RFC 9369
    private static final int INITIAL = 0;
    private static final int HANDSHAKE = 2;

    private CoalescedPackets() {}

    /**
     * The length of a packet that is better processed alone.
     *
     * @param datagram what arrived; its position does not change
     * @param initials whether that goes for an Initial too. A server has to see how large the datagram of an Initial is, and
     *     nobody has lost the keys of the first one.
     * @return the length of the first packet, or of the whole datagram if that is not known or they may stay together
     */
    public static int firstLength(ByteBuffer datagram, boolean initials) {
        ByteBuffer in = datagram.slice();
        int whole = in.remaining();
        if (whole == 0 || (in.get(0) & LONG_HEADER) == 0) {
            return whole;
        }
        try {
            int first = in.get();
            int type = type(first, in.getInt());
            if (type != HANDSHAKE && !(type == INITIAL && initials)) {
                return whole;
            }
            skip(in, in.get() & 0xff);
            skip(in, in.get() & 0xff);
            if (type == INITIAL) {
                skip(in, VarInt.read(in)); // the token
            }
            skip(in, VarInt.read(in));
            return in.position();
        } catch (BufferUnderflowException e) {
            return whole; // cut short: it will be dropped
        }
    }

    private static int type(int first, int version) {
        int type = first >> 4 & 3;
        return switch (version) {
            case VERSION_1 -> type;
            case VERSION_2 -> type - 1 & 3;
            default -> -1;
        };
    }

    private static void skip(ByteBuffer in, long count) {
        if (count < 0 || count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        in.position(in.position() + (int) count);
    }
}
