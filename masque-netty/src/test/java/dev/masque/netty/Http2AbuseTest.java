package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.SessionLimits;
import dev.masque.netty.raw.RawH2;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 frames that no peer should send: the connection ends with the right code, and others are served (RFC 9113, 10.5). */
@Timeout(60)
class Http2AbuseTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

    private static Loopback loopback;

    @BeforeAll
    static void start() throws Exception {
        loopback = new Loopback(
                SessionLimits.defaults()
                        .withMaxStreams(100)
                        .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(20)),
                new ExchangeTest.Echo());
    }

    @AfterAll
    static void stop() {
        loopback.close();
    }

    private static RawH2 client() throws Exception {
        return new RawH2(loopback.listening.address());
    }

    @AfterEach
    void othersAreServed() throws Exception {
        try (RawH2 other = client()) {
            other.connect(1, "a:1").data(1, true, new byte[] {1});
            assertThat(other.await(RawH2.DATA).payload().remaining()).isEqualTo(1);
        }
    }

    private static byte[] hex(String hex) {
        return java.util.HexFormat.of().parseHex(hex);
    }

    @ParameterizedTest
    @CsvSource({
        // type, flags, stream, payload, error
        "0,0,1,00,1", // DATA on an idle stream
        "0,0,0,00,1", // DATA on the connection
        "1,4,0,00,1", // HEADERS on the connection
        "1,4,2,82,1", // HEADERS on a stream of the server
        "3,0,1,00000008,1", // RST_STREAM of an idle stream
        "3,0,0,00000008,1",
        "3,0,1,000008,6", // of another length
        "4,0,1,,1", // SETTINGS on a stream
        "4,0,0,0000,6",
        "4,1,0,000300000001,6", // an acknowledgement with content
        "4,0,0,000200000002,1", // ENABLE_PUSH is a flag
        "4,0,0,000480000000,3", // a window of 2^31
        "4,0,0,000500003fff,1", // frames that are too small
        "4,0,0,000501000000,1", // and too large
        "4,0,0,000800000002,1", // ENABLE_CONNECT_PROTOCOL is a flag, RFC 8441, 3
        "5,4,1,00000002,1", // a client promises nothing
        "6,0,0,00000000000000,6", // PING of seven bytes
        "6,0,1,0000000000000000,1",
        "7,0,1,0000000000000000,1", // GOAWAY on a stream
        "8,0,0,00000000,1", // WINDOW_UPDATE of nothing
        "8,0,0,7fffffff,3", // beyond 2^31-1
        "8,0,0,000001,6",
        "9,4,1,00,1", // CONTINUATION of nothing
        "1,4,1,80,9", // index 0
        "1,4,1,ff80808080808080808001,9", // an index without end
        "1,4,1,be,9", // an empty dynamic table
        "1,4,1,3fe1ff7f,9", // a table larger than allowed
        "1,4,1,00ff,9", // a string that is not there
        "1,4,1,0083ffffff0161,9", // Huffman padding longer than 7 bits
        "1,12,1,ff00,1", // padding beyond the frame
    })
    void aFrameThatIsNoneEndsTheConnection(int type, int flags, int stream, String payload, int error)
            throws Exception {
        try (RawH2 client = client()) {
            client.send(type, flags, stream, payload == null ? new byte[0] : hex(payload));

            RawH2.Frame answer = client.await(frame -> frame.type() == RawH2.GOAWAY);
            assertThat(answer.error()).isEqualTo(error);
            while (client.read() != null) {}
        }
    }

    @Test
    void aFrameOverTheSizeIsRefusedBeforeItIsRead() throws Exception {
        try (RawH2 client = client()) {
            client.connect(1, "a:1");
            client.tls.send(new byte[] {0, 0x40, 1, 0, 0, 0, 0, 0, 1}); // 16,385 bytes

            assertThat(client.await(frame -> frame.type() == RawH2.GOAWAY).error())
                    .isEqualTo(FRAME_SIZE_ERROR);
        }
    }

    @Test
    void anotherFrameInsideAHeaderSectionEndsTheConnection() throws Exception {
        try (RawH2 client = client()) {
            client.send(RawH2.HEADERS, 0, 1, RawH2.block(":method", "CONNECT"));
            client.send(RawH2.PING, 0, 0, new byte[8]);

            assertThat(client.await(RawH2.GOAWAY).error()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void streamsGoUpwards() throws Exception {
        try (RawH2 client = client()) {
            client.connect(5, "a:1");
            client.await(RawH2.HEADERS);
            client.connect(3, "a:1");

            // whether it was closed or never opened is not remembered
            RawH2.Frame answer = client.await(RawH2.RST_STREAM);
            assertThat(answer.stream()).isEqualTo(3);
            assertThat(answer.error()).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void whatIsOnItsWayWhenAStreamIsResetEndsNothingElse() throws Exception {
        try (RawH2 client = client()) {
            client.connect(1, "a:1");
            client.await(RawH2.HEADERS);
            client.connect(3, "a:1");
            client.await(RawH2.HEADERS);
            client.send(RawH2.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            for (int i = 0; i < 5_000; i++) {
                client.data(1, false, new byte[] {1});
            }
            client.data(3, true, new byte[] {7});

            int answers = 0;
            while (true) {
                RawH2.Frame frame = client.read();
                assertThat(frame).isNotNull();
                assertThat(frame.type()).isNotEqualTo(RawH2.GOAWAY);
                answers += frame.type() == RawH2.RST_STREAM ? 1 : 0;
                if (frame.type() == RawH2.DATA && frame.payload().remaining() == 1) {
                    break;
                }
            }
            assertThat(answers).isLessThan(30);
        }
    }

    @Test
    void unknownFramesSettingsAndFlagsAreIgnored() throws Exception {
        try (RawH2 client = client()) {
            client.send(0x42, 0xff, 0, new byte[100]);
            client.send(0x42, 0, 77, new byte[0]);
            client.send(RawH2.SETTINGS, 0, 0, hex("0a0affffffff"));
            client.connect(1, "a:1");

            assertThat(client.await(RawH2.HEADERS).status()).isEqualTo("200");
        }
    }

    @Test
    void moreThanTheWindowEndsTheStreamOrTheConnection() throws Exception {
        try (RawH2 client = client()) {
            client.headers(1, false, ":method", "CONNECT", ":authority", "held:1");
            client.await(RawH2.HEADERS);
            try {
                for (int i = 0; i < 5_000; i++) {
                    client.data(1, false, new byte[16_000]);
                }
            } catch (java.io.IOException stopped) {
                assertThat(stopped).isNotNull();
                return;
            }
            RawH2.Frame answer =
                    client.await(frame -> frame.type() == RawH2.GOAWAY || frame.type() == RawH2.RST_STREAM);
            assertThat(answer.error()).isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void aWindowThatOverflowsEndsTheStreamAlone() throws Exception {
        try (RawH2 client = client()) {
            client.connect(1, "a:1").allow(1, Integer.MAX_VALUE);

            assertThat(client.await(RawH2.RST_STREAM).error()).isEqualTo(FLOW_CONTROL_ERROR);
            client.connect(3, "a:1");
            assertThat(client.await(RawH2.HEADERS).stream()).isEqualTo(3);
        }
    }

    @Test
    void aWindowOfNothingHoldsNothingButItsTunnel() throws Exception {
        long before = PlatformDependent.usedDirectMemory();
        try (RawH2 client = client().settle()) {
            client.send(RawH2.SETTINGS, 0, 0, hex("000400000000"));
            client.connect(1, "a:1");
            client.await(RawH2.HEADERS);
            // the echo stops reading when it cannot write, so our window is never opened again
            int sent = 0;
            for (int i = 0; i < 60; i++) {
                client.data(1, false, new byte[16_000]);
                sent += 16_000;
            }
            assertThat(sent).isLessThan(1 << 20);
            client.send(RawH2.PING, 0, 0, new byte[8]);
            RawH2.Frame next = client.await(frame -> frame.type() == RawH2.PING || frame.stream() == 1);
            assertThat(next.type()).isEqualTo(RawH2.PING);
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(32L << 20);

            client.send(RawH2.SETTINGS, 0, 0, hex("00047fffffff")).allow(0, 1 << 24);
            int received = 0;
            while (received < sent) {
                RawH2.Frame frame = client.read();
                assertThat(frame).as("after %d of %d", received, sent).isNotNull();
                received += frame.type() == RawH2.DATA ? frame.payload().remaining() : 0;
            }
        }
    }

    @Test
    void aDynamicTableThatIsMultipliedIsRefusedWithoutBeingBuilt() throws Exception {
        byte[] large = RawH2.block("x", "v".repeat(3_900));
        large[0] = 0x40;
        byte[] bomb = new byte[16_000];
        Arrays.fill(bomb, (byte) 0xbe);
        System.arraycopy(large, 0, bomb, 0, large.length);
        long before = memory();
        for (int i = 0; i < 20; i++) {
            try (RawH2 client = client()) {
                client.send(RawH2.HEADERS, RawH2.END_HEADERS | RawH2.END_STREAM, 1, bomb); // 47 MB
                RawH2.Frame answer = client.await(frame ->
                        frame.type() == RawH2.GOAWAY || frame.type() == RawH2.RST_STREAM || frame.stream() == 1);
                assertThat(answer.type() == RawH2.HEADERS ? 431 : answer.error())
                        .isIn(431, PROTOCOL_ERROR, COMPRESSION_ERROR, ENHANCE_YOUR_CALM);
            }
        }
        assertThat(memory() - before).isLessThan(32L << 20);
    }

    private static long memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
    }

    @Test
    void aSectionOfManyTinyFieldsIsRefused() throws Exception {
        try (RawH2 client = client()) {
            byte[] fields = RawH2.block(":method", "CONNECT", ":authority", "a:1");
            byte[] many = Arrays.copyOf(fields, 15_000);
            Arrays.fill(
                    many, fields.length, many.length, (byte) 0x90); // accept-encoding: gzip, deflate, from the table
            client.send(RawH2.HEADERS, RawH2.END_HEADERS, 1, many);

            RawH2.Frame answer = client.await(frame -> frame.type() == RawH2.GOAWAY || frame.stream() == 1);
            assertThat(answer.type() == RawH2.HEADERS ? answer.status() : "error")
                    .isIn("431", "error");
        }
    }

    @Test
    void aSectionOverManyLargeFramesIsRefusedBeforeItIsBuffered() throws Exception {
        long before = PlatformDependent.usedDirectMemory();
        try (RawH2 client = client()) {
            client.send(RawH2.HEADERS, 0, 1, RawH2.block(":method", "CONNECT", ":authority", "a:1"));
            byte[] part = RawH2.block("x", "y".repeat(16_000));
            try {
                for (int i = 0; i < 2_000; i++) {
                    client.send(RawH2.CONTINUATION, 0, 1, part);
                    assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(32L << 20);
                }
            } catch (java.io.IOException stopped) {
                assertThat(stopped).isNotNull();
                return;
            }
            assertThat(client.await(RawH2.GOAWAY).error()).isIn(PROTOCOL_ERROR, ENHANCE_YOUR_CALM);
        }
    }
}
