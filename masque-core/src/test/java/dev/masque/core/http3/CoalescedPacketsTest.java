package dev.masque.core.http3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoalescedPacketsTest {
    private static final byte[] HANDSHAKE = packet("e0 00000001 05 0102030405 00", "1e", 30);
    private static final byte[] INITIAL = packet("c0 00000001 05 0102030405 00 4002 aabb", "4064", 100);
    private static final byte[] INITIAL_2 = packet("d0 6b3343cf 00 05 0102030405 00", "4064", 100);
    private static final byte[] HANDSHAKE_2 = packet("f0 6b3343cf 00 05 0102030405", "1e", 30);
    private static final byte[] SHORT = bytes("40 0102030405 6362");

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] packet(String head, String length, int payload) {
        return join(bytes(head), bytes(length), new byte[payload]);
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static int first(boolean initials, byte[]... packets) {
        byte[] datagram = join(packets);
        ByteBuffer in = ByteBuffer.allocate(datagram.length + 3)
                .position(3)
                .put(datagram)
                .position(3);
        int length = CoalescedPackets.firstLength(in, initials);
        assertThat(in.position()).isEqualTo(3);
        return length;
    }

    @Test
    void aHandshakePacketIsTakenAlone() {
        assertThat(first(false, HANDSHAKE, SHORT)).isEqualTo(HANDSHAKE.length);
        assertThat(first(true, HANDSHAKE, HANDSHAKE, SHORT)).isEqualTo(HANDSHAKE.length);
        assertThat(first(false, HANDSHAKE_2, SHORT)).isEqualTo(HANDSHAKE_2.length);
        assertThat(first(false, HANDSHAKE)).isEqualTo(HANDSHAKE.length);
    }

    @Test
    void anInitialIfThatIsAskedFor() {
        assertThat(first(true, INITIAL, HANDSHAKE)).isEqualTo(INITIAL.length);
        assertThat(first(false, INITIAL, HANDSHAKE)).isEqualTo(INITIAL.length + HANDSHAKE.length);
        assertThat(first(true, INITIAL_2, SHORT)).isEqualTo(INITIAL_2.length);
        assertThat(first(false, INITIAL_2, SHORT)).isEqualTo(INITIAL_2.length + SHORT.length);
    }

    @Test
    void whatHasNoLengthStaysWhole() {
        byte[] retry = join(bytes("f0 00000001 00 00"), new byte[50]);
        byte[] retry2 = join(bytes("c0 6b3343cf 00 00"), new byte[50]);
        byte[] negotiation = bytes("c0 00000000 00 00 00000001");
        byte[] otherVersion = bytes("e0 09090909 00 00 01 07 40 00");
        for (byte[] whole : List.of(retry, retry2, negotiation, otherVersion, SHORT, new byte[0])) {
            assertThat(first(true, whole)).isEqualTo(whole.length);
        }
    }

    @Test
    void whatIsCutShortStaysWhole() {
        for (byte[] from : List.of(HANDSHAKE, INITIAL, INITIAL_2)) {
            for (int length = 0; length < from.length; length++) {
                assertThat(first(true, Arrays.copyOf(from, length))).isEqualTo(length);
            }
        }
        byte[] huge = packet("e0 00000001 00 00", "ffffffffffffffff", 20);
        assertThat(first(true, huge)).isEqualTo(huge.length);
    }
}
