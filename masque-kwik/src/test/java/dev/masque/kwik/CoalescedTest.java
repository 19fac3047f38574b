package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoalescedTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4433);
    private static final byte[] HANDSHAKE = Junk.handshake(new byte[] {1, 2, 3, 4, 5});
    private static final byte[] INITIAL = Junk.first(1);
    private static final byte[] SHORT = Wire.bytes(0x40, 1, 2, 3, 4, 5, 99, 98);

    private final Coalesced server = new Coalesced(false);
    private final Coalesced client = new Coalesced(true);

    /** The packets that are seen of a datagram. */
    private static List<byte[]> apart(Coalesced coalesced, byte[]... packets) {
        byte[] datagram = Wire.join(packets);
        byte[] buffer = new byte[1_500];
        System.arraycopy(datagram, 0, buffer, 3, datagram.length);
        DatagramPacket packet = new DatagramPacket(buffer, 3, datagram.length, PEER);
        coalesced.cut(packet);
        List<byte[]> seen = new ArrayList<>();
        do {
            assertThat(packet.getSocketAddress()).isEqualTo(PEER);
            int from = packet.getOffset();
            seen.add(Arrays.copyOfRange(packet.getData(), from, from + packet.getLength()));
            packet = new DatagramPacket(new byte[1_500], 1_500);
        } while (coalesced.next(packet));
        return seen;
    }

    @Test
    void whatFollowsAHandshakePacketComesAlone() {
        assertThat(apart(server, HANDSHAKE, HANDSHAKE, SHORT)).containsExactly(HANDSHAKE, HANDSHAKE, SHORT);
        assertThat(apart(server, SHORT)).containsExactly(SHORT);
    }

    @Test
    void aServerSeesHowLargeADatagramWithAnInitialIs() {
        for (int i = 0; i < 2; i++) {
            assertThat(apart(server, INITIAL, SHORT)).containsExactly(Wire.join(INITIAL, SHORT));
        }
    }

    @Test
    void aClientTakesInitialsApartOnceItHasSeenOne() {
        assertThat(apart(client, INITIAL, HANDSHAKE)).containsExactly(Wire.join(INITIAL, HANDSHAKE));
        assertThat(apart(client, Wire.join(INITIAL, HANDSHAKE))).hasSize(2);
    }
}
