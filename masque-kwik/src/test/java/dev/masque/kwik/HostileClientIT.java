package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.masque.core.contract.LossyPath;
import dev.masque.core.http3.H3;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.wire.VarInt;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.kwik.core.QuicStream;
import tech.kwik.core.impl.QuicConnectionImpl;

/** What our server says to clients that break rules, or bend them; each time it goes on serving another client. */
@Timeout(60)
class HostileClientIT {
    private static final byte[] REQUEST = Wire.get("/");
    private static final long GREASE = 0x1f * 7 + 0x21;

    private static EchoServer server;
    private static Loopback loopback;
    private static HttpSession witness;

    private RawClient client;

    @BeforeAll
    static void listen() throws Exception {
        server = new EchoServer();
        loopback = new Loopback(server);
        witness = loopback.connect();
    }

    @AfterAll
    static void stop() {
        loopback.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client = new RawClient(loopback.listening.address());
    }

    @AfterEach
    void othersAreServed() throws Exception {
        client.close();
        RecordingStream events = new RecordingStream();
        HttpStream request = witness.open(
                new RequestHead("GET", "https", "localhost", "/", null, HeaderFields.empty()), s -> events);
        request.resume();
        request.end();
        assertThat(events.response.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(events.closed.get(10, TimeUnit.SECONDS)).isNull();
    }

    /** Something that a client does. */
    interface Deed {
        void on(RawClient client) throws Exception;
    }

    private static Arguments error(String name, long code, Deed deed) {
        return arguments(name, code, deed);
    }

    private static Deed settings(long... settings) {
        return client -> client.control(Wire.frame(H3.SETTINGS, Wire.settings(settings)));
    }

    private static Deed onControl(byte[]... frames) {
        return client -> client.control(Wire.SETTINGS, Wire.join(frames));
    }

    private static Deed onRequest(byte[]... frames) {
        return client -> {
            client.control(Wire.SETTINGS);
            client.request(frames);
        };
    }

    private static Deed datagram(byte[] data) {
        return client -> {
            client.control(Wire.SETTINGS);
            // a packet of kwik's may leave before the end of the handshake, which loses what is in it for good
            RawPeer.read(client.end(client.request(REQUEST)), 1);
            client.quic.sendDatagram(data);
        };
    }

    static Stream<Arguments> connectionErrors() {
        return Stream.of(
                error("H3_DATAGRAM of 2", 0x109, settings(0x33, 2)),
                error("ENABLE_CONNECT_PROTOCOL of 2", 0x109, settings(0x8, 2)),
                error("a setting twice", 0x109, settings(0x6, 100_000, 0x6, 100_000)),
                error("a setting of HTTP/2, 0x2", 0x109, settings(0x2, 0)),
                error("a setting of HTTP/2, 0x5", 0x109, settings(0x5, 16_384)),
                error("a setting without value", 0x106, c -> c.control(Wire.frame(H3.SETTINGS, Wire.varint(0x6)))),
                error("too many settings", 0x107, c -> c.control(Wire.frame(H3.SETTINGS, new byte[5_000]))),
                error("GOAWAY before SETTINGS", 0x10a, c -> c.control(Wire.frame(H3.GOAWAY, Wire.varint(0)))),
                error("GREASE before SETTINGS", 0x10a, c -> c.control(Wire.frame(GREASE, new byte[3]))),
                error("SETTINGS twice", 0x105, onControl(Wire.SETTINGS)),
                error("DATA on control", 0x105, onControl(Wire.frame(H3.DATA, new byte[3]))),
                error("HEADERS on control", 0x105, onControl(REQUEST)),
                error("PUSH_PROMISE on control", 0x105, onControl(Wire.frame(H3.PUSH_PROMISE, new byte[3]))),
                error("PRIORITY of HTTP/2 on control", 0x105, onControl(Wire.frame(0x2, new byte[5]))),
                error("PING of HTTP/2 on control", 0x105, onControl(Wire.frame(0x6, new byte[8]))),
                error("WINDOW_UPDATE of HTTP/2 on control", 0x105, onControl(Wire.frame(0x8, new byte[4]))),
                error("CONTINUATION of HTTP/2 on control", 0x105, onControl(Wire.frame(0x9, new byte[4]))),
                error("MAX_PUSH_ID that shrinks", 0x108, onControl(maxPush(5), maxPush(4))),
                error("CANCEL_PUSH of no push", 0x108, onControl(Wire.frame(H3.CANCEL_PUSH, Wire.varint(3)))),
                error("GOAWAY that grows", 0x108, onControl(goaway(4), goaway(8))),
                error("GOAWAY with more than an id", 0x106, onControl(Wire.frame(H3.GOAWAY, Wire.bytes(0, 0)))),
                error("GOAWAY without id", 0x106, onControl(Wire.frame(H3.GOAWAY, new byte[0]))),
                error("a second control stream", 0x103, c -> {
                    c.control(Wire.SETTINGS);
                    c.control(Wire.SETTINGS);
                }),
                error("a second encoder stream", 0x103, c -> {
                    c.uni(Wire.varint(H3.ENCODER_STREAM));
                    c.uni(Wire.varint(H3.ENCODER_STREAM));
                }),
                error("a push stream", 0x103, c -> c.uni(Wire.varint(H3.PUSH_STREAM), Wire.varint(0))),
                error("the control stream ends", 0x104, c -> c.end(c.control(Wire.SETTINGS))),
                error("the encoder stream ends", 0x104, c -> c.end(c.uni(Wire.varint(H3.ENCODER_STREAM)))),
                error("the control stream is reset", 0x104, c -> {
                    QuicStream control = c.control(Wire.SETTINGS);
                    RawPeer.read(c.end(c.request(REQUEST)), 1); // so that the server has seen both
                    control.resetStream(0x100);
                }),
                error("an insertion into a table without room", 0x201, c -> c.uni(Wire.bytes(2, 0xc0, 1, 'x'))),
                error("an acknowledgement of nothing", 0x202, c -> c.uni(Wire.bytes(3, 0x80))),
                error("a field of the dynamic table", 0x200, onRequest(Wire.frame(H3.HEADERS, Wire.bytes(2, 0, 0x80)))),
                error("a datagram without stream", 0x33, datagram(new byte[0])),
                error("a datagram with half an id", 0x33, datagram(Wire.bytes(0xc0, 0, 0))),
                error("a quarter stream id of 2^60", 0x33, datagram(Wire.varint(1L << 60))),
                error("a quarter stream id of 2^62-1", 0x33, datagram(Wire.varint(VarInt.MAX))),
                error("DATA before HEADERS", 0x105, onRequest(Wire.frame(H3.DATA, new byte[3]))),
                error("SETTINGS on a request", 0x105, onRequest(Wire.SETTINGS)),
                error("GOAWAY on a request", 0x105, onRequest(goaway(0))),
                error("MAX_PUSH_ID on a request", 0x105, onRequest(maxPush(1))),
                error("CANCEL_PUSH on a request", 0x105, onRequest(Wire.frame(H3.CANCEL_PUSH, Wire.varint(0)))),
                error("PUSH_PROMISE from a client", 0x105, onRequest(Wire.frame(H3.PUSH_PROMISE, new byte[3]))),
                error("PING of HTTP/2 on a request", 0x105, onRequest(REQUEST, Wire.frame(0x6, new byte[8]))),
                error("HEADERS in a tunnel", 0x105, onRequest(Wire.connect(), Wire.headers("trailer", "x"))),
                error("DATA after trailers", 0x105, onRequest(REQUEST, Wire.headers("a", "b"), REQUEST)),
                error("a frame that is cut short", 0x106, c -> {
                    c.control(Wire.SETTINGS);
                    c.end(c.request(REQUEST, Wire.bytes(0, 10, 1, 2, 3)));
                }),
                error("a head that is cut short", 0x106, c -> {
                    c.control(Wire.SETTINGS);
                    c.end(c.request(Arrays.copyOf(REQUEST, REQUEST.length - 3)));
                }));
    }

    private static byte[] goaway(long id) {
        return Wire.frame(H3.GOAWAY, Wire.varint(id));
    }

    private static byte[] maxPush(long id) {
        return Wire.frame(H3.MAX_PUSH_ID, Wire.varint(id));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("connectionErrors")
    void closesTheConnection(String name, long code, Deed deed) throws Exception {
        deed.on(client);
        assertThat(client.closedWith()).isEqualTo(code);
    }

    @Test
    void packetsWithOldKeysKeepNothingElseOut() throws Exception {
        try (LossyPath path = new LossyPath(loopback.listening.address(), 1);
                RawClient through = new RawClient(path.address())) {
            through.control(Wire.SETTINGS);
            RawPeer.read(through.end(through.request(REQUEST)), 1);
            path.forth()
                    .change(Junk.afterHandshake(
                            ((QuicConnectionImpl) through.quic).getDestinationConnectionId().length));
            RawPeer.read(through.end(through.request(REQUEST)), 1);
            through.quic.sendDatagram(new byte[0]);
            assertThat(through.closedWith()).isEqualTo(H3.DATAGRAM_ERROR);
        }
    }

    static Stream<Arguments> streamErrors() {
        return Stream.of(
                arguments("no method", 0x10e, Wire.headers(":scheme", "https", ":authority", "a", ":path", "/")),
                arguments("no path", 0x10e, Wire.headers(":method", "GET", ":scheme", "https", ":authority", "a")),
                arguments("no scheme", 0x10e, Wire.headers(":method", "GET", ":authority", "a", ":path", "/")),
                arguments("no authority", 0x10e, Wire.headers(":method", "GET", ":scheme", "https", ":path", "/")),
                arguments("a method twice", 0x10e, with(":method", "GET")),
                arguments("a path twice", 0x10e, with(":path", "/other")),
                arguments("an unknown pseudo-header field", 0x10e, with(":colour", "red")),
                arguments("a status in a request", 0x10e, with(":status", "200")),
                arguments("a pseudo-header field after others", 0x10e, late()),
                arguments("a name in upper case", 0x10e, with("Accept", "*/*")),
                arguments("a name with a space", 0x10e, with("a b", "x")),
                arguments("an empty name", 0x10e, with("", "x")),
                arguments("CR in a value", 0x10e, with("a", "b\rc")),
                arguments("LF in a value", 0x10e, with("a", "b\nc: d")),
                arguments("NUL in a value", 0x10e, with("a", "b\0c")),
                arguments("a space before a value", 0x10e, with("a", " b")),
                arguments("LF in the path", 0x10e, Wire.get("/a\nb")),
                arguments("a space in the path", 0x10e, Wire.get("/a b")),
                arguments("no slash in the path", 0x10e, Wire.get("a")),
                arguments("an empty path", 0x10e, Wire.get("")),
                arguments("CRLF in the method", 0x10e, head("GE\r\nT", "localhost")),
                arguments("userinfo", 0x10e, head("GET", "user:pass@localhost")),
                arguments("NUL in the authority", 0x10e, head("GET", "local\0host")),
                arguments("an empty authority", 0x10e, head("GET", "")),
                arguments("another host", 0x10e, with("host", "elsewhere")),
                arguments("connection", 0x10e, with("connection", "close")),
                arguments("transfer-encoding", 0x10e, with("transfer-encoding", "chunked")),
                arguments("upgrade", 0x10e, with("upgrade", "h2c")),
                arguments("te of more than trailers", 0x10e, with("te", "gzip")),
                arguments("two lengths", 0x10e, with("content-length", "1", "content-length", "2")),
                arguments("a length that is none", 0x10e, with("content-length", "-1")),
                arguments("CONNECT without port", 0x10e, Wire.headers(":method", "CONNECT", ":authority", "target")),
                arguments("CONNECT with a path", 0x10e, head("CONNECT", "target:443")),
                arguments("CONNECT with userinfo", 0x10e, Wire.headers(":method", "CONNECT", ":authority", "a@b:443")),
                arguments("CONNECT with a length", 0x10e, connect("content-length", "3")),
                arguments("protocol without CONNECT", 0x10e, with(":protocol", "connect-udp")),
                arguments("extended CONNECT without path", 0x10e, udp(":scheme", "https", ":authority", "a")),
                arguments("extended CONNECT without scheme", 0x10e, udp(":authority", "a", ":path", "/")),
                arguments("capsules with a length", 0x10e, udp("content-length", "0")),
                arguments("fields beyond the limit", 0x107, with("a", "b".repeat(17_000))),
                arguments("many fields beyond the limit", 0x107, with(many())),
                arguments(
                        "less content than declared",
                        0x10e,
                        Wire.join(with("content-length", "5"), Wire.frame(H3.DATA, new byte[3]))),
                arguments(
                        "more content than declared",
                        0x10e,
                        Wire.join(with("content-length", "2"), Wire.frame(H3.DATA, new byte[3]))),
                arguments(
                        "a pseudo-header field in trailers",
                        0x10e,
                        Wire.join(REQUEST, Wire.headers(":path", "/other"))),
                arguments("nothing at all", 0x10d, new byte[0]),
                arguments("only GREASE", 0x10d, Wire.frame(GREASE, new byte[3])),
                arguments(
                        "half a capsule",
                        0x33,
                        Wire.join(Wire.connectUdp(), Wire.frame(H3.DATA, Wire.bytes(0, 10, 0, 1)))));
    }

    private static byte[] with(String... fields) {
        String[] all = {":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", "/"};
        return Wire.headers(
                Stream.concat(Arrays.stream(all), Arrays.stream(fields)).toArray(String[]::new));
    }

    private static byte[] late() {
        return Wire.headers(":method", "GET", ":scheme", "https", ":authority", "a", "accept", "*/*", ":path", "/");
    }

    private static byte[] head(String method, String authority) {
        return Wire.headers(":method", method, ":scheme", "https", ":authority", authority, ":path", "/");
    }

    private static byte[] connect(String... fields) {
        String[] all = {":method", "CONNECT", ":authority", "target:443"};
        return Wire.headers(
                Stream.concat(Arrays.stream(all), Arrays.stream(fields)).toArray(String[]::new));
    }

    private static byte[] udp(String... fields) {
        String[] start = {":method", "CONNECT", ":protocol", "connect-udp"};
        String[] rest = fields[0].startsWith(":")
                ? fields
                : new String[] {":scheme", "https", ":authority", "a", ":path", "/", fields[0], fields[1]};
        return Wire.headers(
                Stream.concat(Arrays.stream(start), Arrays.stream(rest)).toArray(String[]::new));
    }

    private static String[] many() {
        String[] fields = new String[2 * 600];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = "xyz";
        }
        return fields;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streamErrors")
    void resetsTheStreamOnly(String name, long code, byte[] bytes) throws Exception {
        client.control(Wire.SETTINGS);
        QuicStream stream = client.request(bytes);
        try {
            client.end(stream);
        } catch (java.io.IOException reset) {
            // it was quicker
        }
        assertThat(client.resetWith(stream)).isEqualTo(code);
        assertThat(served("/")).isTrue();
        assertThat(client.isClosed()).isFalse();
    }

    /** Whether the same connection still has answers. */
    private boolean served(String path) throws Exception {
        QuicStream stream = client.end(client.request(Wire.get(path)));
        return RawPeer.read(stream, 1).length == 1;
    }

    @Test
    void toleratesWhatItDoesNotKnow() throws Exception {
        client.control(
                Wire.frame(H3.SETTINGS, Wire.settings(0x33, 1, 0x21, 12, GREASE, VarInt.MAX)),
                Wire.frame(GREASE, new byte[20]),
                Wire.frame(0xf0700, new byte[20]),
                maxPush(0),
                goaway(0));
        client.uni(Wire.varint(GREASE), new byte[1000]);
        QuicStream unknown = client.uni(Wire.varint(0x54), new byte[10]);
        assertThat(client.stoppedWith(unknown)).isEqualTo(H3.STREAM_CREATION_ERROR);
        QuicStream stream = client.request(
                Wire.frame(GREASE, new byte[0]),
                Wire.frame(GREASE, new byte[100_000]),
                Wire.get("/"),
                Wire.frame(GREASE, new byte[5]),
                Wire.frame(H3.DATA, new byte[0]),
                Wire.headers("trailer", "x"),
                Wire.frame(GREASE, new byte[5]));
        client.end(stream);
        assertThat(RawPeer.read(stream, 1)).hasSize(1);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void skipsUnknownCapsulesOfAnyLengthAndTakesDatagramCapsules() throws Exception {
        client.control(Wire.frame(H3.SETTINGS, new byte[0])); // no datagrams: capsules both ways
        QuicStream stream = client.request(Wire.connectUdp());
        byte[] unknown = Wire.join(Wire.varint(0x29 * 5 + 0x17), Wire.varint(3_000_000));
        client.write(stream, Wire.frame(H3.DATA, unknown));
        byte[] megabyte = Wire.frame(H3.DATA, new byte[1_000_000]);
        client.write(stream, megabyte, megabyte, megabyte);
        client.write(stream, Wire.frame(H3.DATA, Wire.bytes(0x40, 0, 3, 0, 'h', 'i')));
        client.end(stream);
        String all = RawPeer.readAll(stream);
        assertThat(Wire.withoutEmptyData(all)).endsWith("\0\3\0hi");
    }

    @Test
    void dropsDatagramsOfStreamsThatAreNotThere() throws Exception {
        client.control(Wire.SETTINGS);
        for (long quarter : new long[] {2, 70, 1L << 40, (1L << 60) - 1}) {
            client.quic.sendDatagram(Wire.join(Wire.varint(quarter), Wire.bytes(0, 1, 2)));
        }
        assertThat(served("/")).isTrue();
        client.quic.sendDatagram(Wire.bytes(0, 0, 1)); // of the request that is over
        assertThat(served("/")).isTrue();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void keepsDatagramsThatComeBeforeTheirRequest() throws Exception {
        client.control(Wire.SETTINGS);
        client.request(Wire.connectUdp());
        while (client.datagrams.poll(100, TimeUnit.MILLISECONDS) == null) { // until the server has seen the settings
            client.quic.sendDatagram(Wire.bytes(0, 0, 'a'));
        }
        client.quic.sendDatagram(Wire.bytes(1, 0, 'h', 'i'));
        TimeUnit.MILLISECONDS.sleep(100); // nothing says that it has arrived
        client.request(Wire.connectUdp());
        byte[] echoed;
        do {
            echoed = client.datagrams.poll(10, TimeUnit.SECONDS);
        } while (echoed != null && echoed[0] == 0);
        assertThat(echoed).isEqualTo(Wire.bytes(1, 0, 'h', 'i'));
    }

    @Test
    void resetsARequestWithoutDatagramsThatGetsOne() throws Exception {
        client.control(Wire.SETTINGS);
        QuicStream stream = client.request(Wire.connect());
        RawPeer.read(stream, 1);
        client.quic.sendDatagram(Wire.bytes(0, 0, 1));
        assertThat(client.resetWith(stream)).isEqualTo(H3.DATAGRAM_ERROR);
        assertThat(served("/")).isTrue();
    }

    @Test
    void sendsNoDatagramBeforeItSawTheSetting() throws Exception {
        QuicStream stream = client.request(Wire.connectUdp());
        RawPeer.read(stream, 2);
        client.quic.sendDatagram(Wire.bytes(0, 0, 'h', 'i')); // not allowed either, but harmless
        assertThat(RawPeer.readTo(stream, "\0\3\0hi")).endsWith("\0\3\0hi");
        assertThat(client.datagrams).isEmpty();
    }

    @Test
    void aStreamOneByteAtATimeIsAsGood() throws Exception {
        QuicStream control = client.uni();
        for (byte one : Wire.join(Wire.varint(H3.CONTROL_STREAM), Wire.SETTINGS)) {
            client.write(control, new byte[] {one});
        }
        QuicStream stream = client.request();
        for (byte one : Wire.join(Wire.get("/"), Wire.frame(H3.DATA, new byte[3]))) {
            client.write(stream, new byte[] {one});
        }
        client.end(stream);
        assertThat(RawPeer.read(stream, 1)).hasSize(1);
    }

    @Test
    void declaredLengthsTakeNoMemory() throws Exception {
        client.control(Wire.SETTINGS);
        for (int i = 0; i < 50; i++) {
            client.request(Wire.get("/"), Wire.varint(GREASE), Wire.varint(VarInt.MAX));
            client.request(Wire.varint(H3.HEADERS), Wire.varint(16_000));
        }
        assertThat(served("/")).isTrue();
    }

    @Test
    void aRequestAfterGoawayIsRejected() throws Exception {
        try (Loopback draining = new Loopback(new EchoServer());
                RawClient raw = new RawClient(draining.listening.address())) {
            raw.control(Wire.SETTINGS);
            QuicStream first = raw.request(Wire.connect());
            RawPeer.read(first, 1);
            draining.listening.drain();
            QuicStream control = raw.accepted.poll(10, TimeUnit.SECONDS);
            assertThat(control).isNotNull();
            assertThat(RawPeer.readTo(control, "\7\1\4")).isNotEmpty(); // GOAWAY from stream 4 on
            QuicStream late = raw.request(Wire.connect());
            assertThat(raw.resetWith(late)).isEqualTo(H3.REQUEST_REJECTED);
            raw.write(first, Wire.frame(H3.DATA, Wire.bytes('h', 'i')));
            raw.end(first);
            assertThat(Wire.withoutEmptyData(RawPeer.readAll(first))).endsWith("hi");
            assertThat(raw.closedWith()).isEqualTo(H3.NO_ERROR);
        }
    }
}
