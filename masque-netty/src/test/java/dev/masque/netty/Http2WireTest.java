package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.netty.raw.RawH2;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class Http2WireTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;

    private static final ExchangeTest.Echo ECHO = new ExchangeTest.Echo();
    private static final BlockingQueue<RequestHead> REQUESTS = new LinkedBlockingQueue<>();

    private static Loopback loopback;

    @BeforeAll
    static void start() throws Exception {
        loopback = new Loopback(
                SessionLimits.defaults().withMaxStreams(50).withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(3)),
                new SessionHandler() {
                    @Override
                    public StreamHandler request(HttpStream stream) {
                        REQUESTS.add(stream.request());
                        return ECHO.request(stream);
                    }
                });
    }

    @AfterAll
    static void stop() {
        loopback.close();
    }

    private static RawH2 client() throws Exception {
        REQUESTS.clear();
        return new RawH2(loopback.listening.address());
    }

    private static final Map<String, String[]> MALFORMED = Map.ofEntries(
            entry(
                    "GET with :protocol",
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    ":protocol",
                    "x"),
            entry("CONNECT with :path", ":method", "CONNECT", ":authority", "a:1", ":path", "/"),
            entry("CONNECT with :scheme", ":method", "CONNECT", ":authority", "a:1", ":scheme", "https"),
            entry("CONNECT without :authority", ":method", "CONNECT"),
            entry("CONNECT with host only", ":method", "CONNECT", "host", "a:1"),
            entry("CONNECT without port", ":method", "CONNECT", ":authority", "a"),
            entry("CONNECT with userinfo", ":method", "CONNECT", ":authority", "u@a:1"),
            entry("CONNECT with length", ":method", "CONNECT", ":authority", "a:1", "content-length", "3"),
            entry(
                    "extended CONNECT without :scheme",
                    ":method",
                    "CONNECT",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    ":protocol",
                    "connect-udp"),
            entry(
                    "extended CONNECT without :path",
                    ":method",
                    "CONNECT",
                    ":authority",
                    "a",
                    ":scheme",
                    "https",
                    ":protocol",
                    "connect-udp"),
            entry(
                    "extended CONNECT without :authority",
                    ":method",
                    "CONNECT",
                    ":path",
                    "/",
                    ":scheme",
                    "https",
                    ":protocol",
                    "connect-udp"),
            entry("no :method", ":scheme", "https", ":authority", "a", ":path", "/"),
            entry("no :path", ":method", "GET", ":scheme", "https", ":authority", "a"),
            entry("empty :path", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", ""),
            entry("relative :path", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "x"),
            entry("no :scheme", ":method", "GET", ":authority", "a", ":path", "/"),
            entry(
                    "two :method",
                    ":method",
                    "GET",
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "a",
                    ":path",
                    "/"),
            entry("two :path", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", ":path", "/x"),
            entry(":status", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", ":status", "200"),
            entry("unknown pseudo", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", ":x", "y"),
            entry(
                    "pseudo after field",
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "a",
                    "x",
                    "y",
                    ":path",
                    "/"),
            entry("upper case", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", "X-y", "z"),
            entry(
                    "connection",
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    "connection",
                    "close"),
            entry(
                    "transfer-encoding",
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    "transfer-encoding",
                    "chunked"),
            entry("te", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", "te", "gzip"),
            entry("another host", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", "host", "b"),
            entry("two hosts", ":method", "GET", ":scheme", "https", ":path", "/", "host", "b", "host", "b"),
            entry("userinfo", ":method", "GET", ":scheme", "https", ":authority", "u@a", ":path", "/"),
            entry(
                    "line break in a value",
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    "x",
                    "a\r\nb: c"),
            entry("space in :path", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/a b"),
            entry("NUL in a value", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", "x", "a\0b"),
            entry(
                    "space at the start",
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    "x",
                    " a"),
            entry("space in a name", ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", "x y", "a"),
            entry("method is no token", ":method", "G T", ":scheme", "https", ":authority", "a", ":path", "/"));

    private static Map.Entry<String, String[]> entry(String name, String... fields) {
        return Map.entry(name, fields);
    }

    static java.util.stream.Stream<String> malformed() {
        return MALFORMED.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedRequestIsAStreamErrorAndTheConnectionGoesOn(String name) throws Exception {
        try (RawH2 client = client()) {
            client.headers(1, true, Objects.requireNonNull(MALFORMED.get(name)));

            RawH2.Frame answer = client.await(frame -> frame.stream() == 1);
            assertThat(answer.type()).isEqualTo(RawH2.RST_STREAM);
            assertThat(answer.error()).isEqualTo(PROTOCOL_ERROR);
            client.headers(3, true, ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/good");
            assertThat(client.await(frame -> frame.stream() == 3).type()).isEqualTo(RawH2.HEADERS);
            assertThat(REQUESTS.take().path()).isEqualTo("/good");
        }
    }

    @Test
    void theServerOffersExtendedConnectAndItsLimits() throws Exception {
        try (RawH2 client = client()) {
            ByteBuffer settings = client.await(RawH2.SETTINGS).payload();
            Map<Short, Integer> values = new java.util.HashMap<>();
            for (ByteBuffer buffer = settings.duplicate(); buffer.hasRemaining(); ) {
                values.put(buffer.getShort(), buffer.getInt());
            }
            assertThat(values)
                    .containsEntry((short) 8, 1)
                    .containsEntry((short) 3, 50)
                    .containsEntry((short) 6, 16 << 10);
            RawH2.Frame update = client.await(RawH2.WINDOW_UPDATE);
            assertThat(update.stream()).isZero();
            assertThat(update.error()).isEqualTo((4 << 20) - 65_535);
        }
    }

    @Test
    void headersInsideATunnelAreAStreamError() throws Exception {
        try (RawH2 client = client()) {
            client.headers(1, false, ":method", "CONNECT", ":authority", "a:1");
            client.await(RawH2.HEADERS);
            client.headers(1, true, "x", "y");

            assertThat(client.await(RawH2.RST_STREAM).error()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void trailersEndABody() throws Exception {
        try (RawH2 client = client()) {
            client.headers(1, false, ":method", "POST", ":scheme", "https", ":authority", "a", ":path", "/");
            client.send(RawH2.DATA, 0, 1, new byte[10]);
            client.headers(1, true, "x", "y");

            client.await(frame -> frame.stream() == 1 && (frame.flags() & RawH2.END_STREAM) != 0);
        }
    }

    @Test
    void aBodyOfAnotherLengthThanDeclaredIsAStreamError() throws Exception {
        try (RawH2 client = client()) {
            client.headers(
                    1,
                    false,
                    ":method",
                    "POST",
                    ":scheme",
                    "https",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    "content-length",
                    "5");
            client.send(RawH2.DATA, RawH2.END_STREAM, 1, new byte[10]);

            assertThat(client.await(RawH2.RST_STREAM).error()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void streamsOverTheLimitAreRefused() throws Exception {
        try (RawH2 client = client()) {
            for (int i = 0; i < 51; i++) {
                client.headers(2 * i + 1, false, ":method", "CONNECT", ":authority", "a:1");
            }

            RawH2.Frame reset = client.await(RawH2.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(101);
            assertThat(reset.error()).isEqualTo(REFUSED_STREAM);
        }
    }

    @Test
    void aFloodOfPingsIsStopped() throws Exception {
        assertThat(flood((client, i) -> client.send(RawH2.PING, 0, 0, new byte[8])))
                .isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfSettingsIsStopped() throws Exception {
        assertThat(flood((client, i) -> client.send(RawH2.SETTINGS, 0, 0, new byte[0])))
                .isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfPrioritiesIsStopped() throws Exception {
        assertThat(flood((client, i) -> client.send(RawH2.PRIORITY, 0, 2 * i + 1, new byte[] {0, 0, 0, 0, 1})))
                .isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfResetsIsStopped() throws Exception {
        assertThat(flood((client, i) -> {
                    client.headers(2 * i + 1, false, ":method", "CONNECT", ":authority", "a:1");
                    client.send(RawH2.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
                }))
                .isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfMalformedRequestsIsStopped() throws Exception {
        assertThat(flood((client, i) -> client.headers(2 * i + 1, true, ":method", "GET")))
                .isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfEmptyDataIsStopped() throws Exception {
        assertThat(flood((client, i) -> {
                    if (i == 0) {
                        client.headers(1, false, ":method", "CONNECT", ":authority", "a:1");
                    }
                    client.send(RawH2.DATA, 0, 1, new byte[0]);
                }))
                .isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfContinuationsIsStopped() throws Exception {
        assertThat(flood((client, i) ->
                        client.send(i == 0 ? RawH2.HEADERS : RawH2.CONTINUATION, 0, 1, RawH2.block("x", "y"))))
                .isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void headersThatGrowInTheDecoderAreRefused() throws Exception {
        try (RawH2 client = client()) {
            // one entry of 4,000 bytes in the dynamic table, then references to it, RFC 7541, 6.1
            byte[] large = RawH2.block("x", "v".repeat(3_900));
            large[0] = 0x40;
            byte[] bomb = new byte[large.length + 1_000];
            java.util.Arrays.fill(bomb, (byte) 0xbe);
            System.arraycopy(large, 0, bomb, 0, large.length);
            client.send(RawH2.HEADERS, RawH2.END_HEADERS | RawH2.END_STREAM, 1, bomb);

            RawH2.Frame answer = client.await(frame -> frame.type() == RawH2.GOAWAY || frame.stream() == 1);
            assertThat(answer.type()).isIn(RawH2.GOAWAY, RawH2.HEADERS, RawH2.RST_STREAM);
            assertThat(REQUESTS).isEmpty();
        }
    }

    @Test
    void aClientThatSaysNothingIsCutOff() throws Exception {
        long began = System.nanoTime();
        try (RawH2 client = new RawH2(loopback.listening.address(), false)) {
            for (RawH2.Frame frame = client.read(); frame != null; frame = client.read()) {}

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void aClientThatSpeaksHttp1AfterAgreeingOnH2IsCutOff() throws Exception {
        try (RawH2 client = new RawH2(loopback.listening.address(), false)) {
            client.tls.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.tls.readAll()).doesNotContain("200");
        }
    }

    @Test
    void anIdleConnectionIsClosedWithAGoaway() throws Exception {
        try (RawH2 client = client()) {
            client.headers(1, true, ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/");

            assertThat(client.await(RawH2.GOAWAY).error()).isZero();
            while (client.read() != null) {}
        }
    }

    private interface Step {
        void send(RawH2 client, int i) throws IOException;
    }

    private static int flood(Step step) throws Exception {
        try (RawH2 client = client()) {
            AtomicBoolean stopped = new AtomicBoolean();
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < 20_000; i++) {
                        step.send(client, i);
                    }
                } catch (IOException asItShould) {
                    stopped.set(true);
                }
            });
            sender.start();
            for (RawH2.Frame frame = client.read(); frame != null; frame = client.read()) {
                if (frame.type() == RawH2.GOAWAY) {
                    client.close();
                    sender.join();
                    return frame.error();
                }
            }
            // closing a socket with unread bytes resets it, and the reset can overtake the GOAWAY
            sender.join();
            assertThat(stopped).isTrue();
            return ENHANCE_YOUR_CALM;
        }
    }
}
