package dev.masque.client;

import static dev.masque.client.RealProxy.udpPath;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.netty.raw.RawH2;
import dev.masque.netty.raw.RawTls;
import dev.masque.server.access.AccessPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Capsules that a client should not send, on the wire, through a whole proxy (RFC 9297, RFC 9298). */
@Timeout(120)
class CapsuleIT {
    private static final int PROTOCOL_ERROR = 1;
    private static final int UNKNOWN = 0x29 * 5 + 0x17;

    @AutoClose
    private final RealProxy proxy = new RealProxy(builder ->
            builder.accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build()));

    @AutoClose
    private final DatagramSocket target = target();

    private static DatagramSocket target() {
        try {
            DatagramSocket socket = new DatagramSocket(0, RealProxy.LOOPBACK);
            socket.setSoTimeout(20_000);
            return socket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RawH2 tunnel() throws Exception {
        RawH2 client = proxy.http2().connectUdp(1, udpPath(target.getLocalPort()), "capsule-protocol", "?1");
        assertThat(client.await(RawH2.HEADERS).status()).isEqualTo("200");
        return client;
    }

    private RawTls tunnelOverHttp1() throws Exception {
        RawTls client = proxy.http1()
                .send(
                        "GET " + udpPath(target.getLocalPort())
                                + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: connect-udp\r\nCapsule-Protocol: ?1\r\n\r\n");
        assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private static byte[] varInt(long value) {
        if (value < 64) {
            return new byte[] {(byte) value};
        }
        return ByteBuffer.allocate(8).putLong(value | 3L << 62).array();
    }

    private static byte[] capsule(int type, long declared, byte[] value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(varInt(type));
        out.writeBytes(varInt(declared));
        out.writeBytes(value);
        return out.toByteArray();
    }

    private static byte[] datagram(int context, String payload) {
        byte[] text = payload.getBytes(StandardCharsets.US_ASCII);
        byte[] value = new byte[text.length + 1];
        value[0] = (byte) context;
        System.arraycopy(text, 0, value, 1, text.length);
        return capsule(0, value.length, value);
    }

    private static void send(RawH2 client, byte[] bytes) throws IOException {
        int piece = 16_000;
        for (int i = 0; i < bytes.length; i += piece) {
            client.data(1, false, java.util.Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)));
        }
    }

    private String arrived() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        target.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    @Test
    void aPayloadThatNoUdpPacketHasAbortsTheStreamAndNothingElse() throws Exception {
        for (int size : new int[] {65_528, 65_540, 65_560, 500_000}) {
            try (RawH2 client = tunnel()) {
                send(client, capsule(0, size + 1L, new byte[size + 1]));
                assertThat(client.await(RawH2.RST_STREAM).error())
                        .as("%d", size)
                        .isEqualTo(PROTOCOL_ERROR);

                client.connectUdp(3, udpPath(target.getLocalPort()));
                assertThat(client.await(RawH2.HEADERS).status()).isEqualTo("200");
            }
        }
    }

    @Test
    void aPayloadThatNoUdpPacketHasCutsAConnectionOfHttp1() throws Exception {
        for (int size : new int[] {65_528, 65_560}) {
            try (RawTls client = tunnelOverHttp1()) {
                String end = sendAndRead(client, capsule(0, size + 1L, new byte[size + 1]));
                assertThat(end).isEqualTo("<cut>");
            }
        }
        proxy.assertServes();
    }

    /** The connection may be cut while the last bytes are still being sent. */
    private static String sendAndRead(RawTls client, byte[] bytes) throws IOException {
        try {
            client.send(bytes);
        } catch (SocketException e) {
            return "<cut>";
        }
        return client.readAll();
    }

    @Test
    void theLargestPayloadAndLargeOnesOfUnknownContextsAreNoReasonToEnd() throws Exception {
        try (RawH2 client = tunnel()) {
            send(client, capsule(0, 65_528, new byte[65_528]));
            byte[] unknown = new byte[70_000];
            unknown[0] = 2;
            send(client, capsule(0, unknown.length, unknown));
            send(client, datagram(0, "after"));

            assertThat(arrived()).isEqualTo("after"); // IPv4 carries 65,507 bytes, so the first is lost
        }
    }

    @Test
    void unknownContextsAndTypesAndTornOnesAreDropped() throws Exception {
        try (RawH2 client = tunnel()) {
            send(client, datagram(2, "unknown context"));
            send(client, datagram(63, "another"));
            send(client, capsule(0, 0, new byte[0]));
            send(client, capsule(0, 1, new byte[] {(byte) 0x80}));
            send(client, capsule(UNKNOWN, 3, new byte[3]));
            send(client, capsule(1, 4, new byte[4]));
            send(client, datagram(0, "known"));

            assertThat(arrived()).isEqualTo("known");
        }
    }

    @Test
    void anUnknownCapsuleOfAnyLengthIsSkippedAndNotKept() throws Exception {
        long before = memory();
        try (RawTls client = tunnelOverHttp1()) {
            int length = 64 << 20;
            client.send(capsule(UNKNOWN, length, new byte[0]));
            byte[] piece = new byte[64 << 10];
            for (int sent = 0; sent < length; sent += piece.length) {
                client.send(piece);
            }
            client.send(datagram(0, "after"));
            assertThat(arrived()).isEqualTo("after");

            client.send(capsule(UNKNOWN, (1L << 62) - 1, new byte[0]));
            for (int i = 0; i < 64; i++) {
                client.send(piece);
            }
            assertThat(memory() - before).isLessThan(48L << 20);
        }
        proxy.assertServes();
    }

    private static long memory() {
        System.gc();
        return Runtime.getRuntime().totalMemory()
                - Runtime.getRuntime().freeMemory()
                + io.netty.util.internal.PlatformDependent.usedDirectMemory();
    }

    @Test
    void aCapsuleThatIsCutShortByAnEndIsMalformed() throws Exception {
        for (byte[] cut : new byte[][] {{0}, {0, 5, 0, 1}, {(byte) 0xc0, 0}, capsule(UNKNOWN, 100, new byte[99])}) {
            try (RawH2 client = tunnel()) {
                client.data(1, true, cut);

                assertThat(client.await(RawH2.RST_STREAM).error()).isEqualTo(PROTOCOL_ERROR);
            }
        }
    }

    @Test
    void anEndBetweenCapsulesEndsTheTunnelInOrder() throws Exception {
        try (RawH2 client = tunnel()) {
            client.data(1, true, datagram(0, "last"));

            assertThat(arrived()).isEqualTo("last");
            client.await(frame -> frame.stream() == 1 && frame.ends());
        }
    }

    @Test
    void datagramsBeforeTheAnswerReachTheTarget() throws Exception {
        try (RawH2 client = proxy.http2()) {
            client.connectUdp(1, udpPath(target.getLocalPort()));
            send(client, datagram(0, "early"));

            assertThat(arrived()).isEqualTo("early");
        }
    }

    @Test
    void aMillionEmptyCapsulesHoldNobodyUp() throws Exception {
        try (RawTls client = tunnelOverHttp1()) {
            byte[] empty = new byte[100_000];
            for (int i = 0; i < empty.length; i += 2) {
                empty[i] = (byte) 23;
            }
            for (int i = 0; i < 20; i++) {
                client.send(empty);
            }
            client.send(datagram(0, "after"));

            assertThat(arrived()).isEqualTo("after");
        }
    }
}
