package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.kwik.core.QuicStream;

/** What our client says to servers that break rules. */
@Timeout(60)
class HostileServerIT {
    private static final RequestHead TUNNEL = RequestHead.connect("target.example:443", HeaderFields.empty());
    private static final RequestHead UDP = RequestHead.connectUdp("localhost", "/masque", HeaderFields.empty());
    private static final RequestHead GET =
            new RequestHead("GET", "https", "localhost", "/", null, HeaderFields.empty());
    private static final byte[] SETTINGS = Wire.frame(H3.SETTINGS, Wire.settings(0x8, 1, 0x33, 1));
    private static final byte[] OK = Wire.headers(":status", "200");

    private final Transport transport = Loopback.transport();
    private final Loopback.Client handler = new Loopback.Client();
    private RawServer server;
    private CompletableFuture<HttpSession> connecting;
    private RawPeer peer;

    @BeforeEach
    void connect() throws Exception {
        server = new RawServer();
        connecting = transport
                .connect(
                        new ConnectOptions(
                                server.address,
                                "localhost",
                                List.of(HttpVersion.HTTP_3),
                                Loopback.PKI.trust(),
                                Duration.ofSeconds(10),
                                SessionLimits.defaults()),
                        handler)
                .toCompletableFuture();
        peer = server.accept();
    }

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    private HttpSession connected(byte[]... frames) throws Exception {
        peer.control(SETTINGS, Wire.join(frames));
        return connecting.get(10, TimeUnit.SECONDS);
    }

    /** The client's next request, its head read. */
    private QuicStream request() throws Exception {
        QuicStream stream;
        do {
            stream = peer.accepted.poll(10, TimeUnit.SECONDS);
            assertThat(stream).isNotNull();
        } while (stream.isUnidirectional());
        return stream;
    }

    /** Something that a server does. */
    interface Deed {
        void on(RawPeer peer) throws Exception;
    }

    private static Arguments error(String name, long code, Deed deed) {
        return arguments(name, code, deed);
    }

    static Stream<Arguments> beforeSettings() {
        return Stream.of(
                error("H3_DATAGRAM of 2", 0x109, p -> p.control(Wire.frame(H3.SETTINGS, Wire.settings(0x33, 2)))),
                error("a setting of HTTP/2", 0x109, p -> p.control(Wire.frame(H3.SETTINGS, Wire.settings(0x4, 1)))),
                error("a frame before SETTINGS", 0x10a, p -> p.control(Wire.frame(0x21, new byte[1]))),
                error("a push", 0x108, p -> p.uni(Wire.varint(H3.PUSH_STREAM), Wire.varint(0))),
                error("the control stream ends", 0x104, p -> p.end(p.uni(Wire.varint(0)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beforeSettings")
    void failsTheAttempt(String name, long code, Deed deed) throws Exception {
        deed.on(peer);
        assertThat(peer.closedWith()).isEqualTo(code);
        assertThatThrownBy(() -> connecting.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        NextHopException.class,
                        e -> assertThat(e.type()).isEqualTo(ProxyErrorType.HTTP_PROTOCOL_ERROR));
    }

    static Stream<Arguments> afterSettings() {
        return Stream.of(
                error("MAX_PUSH_ID", 0x105, p -> p.control(SETTINGS, Wire.frame(H3.MAX_PUSH_ID, Wire.varint(1)))),
                error("GOAWAY that grows", 0x108, p -> p.control(SETTINGS, goaway(4), goaway(8))),
                error("GOAWAY with an id of a server", 0x108, p -> p.control(SETTINGS, goaway(3))),
                error("CANCEL_PUSH", 0x108, p -> p.control(SETTINGS, Wire.frame(H3.CANCEL_PUSH, Wire.varint(0)))),
                error("DATA on control", 0x105, p -> p.control(SETTINGS, Wire.frame(H3.DATA, new byte[1]))),
                error("a push stream", 0x108, p -> {
                    p.control(SETTINGS);
                    p.uni(Wire.varint(H3.PUSH_STREAM), Wire.varint(0));
                }),
                error("a datagram without stream", 0x33, p -> {
                    p.control(SETTINGS);
                    for (int i = 0; i < 100 && !p.isClosed(); i++) { // the first may come before the client can read it
                        p.quic.sendDatagram(Wire.bytes(0xc0));
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                }));
    }

    private static byte[] goaway(long id) {
        return Wire.frame(H3.GOAWAY, Wire.varint(id));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("afterSettings")
    void closesTheConnection(String name, long code, Deed deed) throws Exception {
        deed.on(peer);
        assertThat(peer.closedWith()).isEqualTo(code);
    }

    static Stream<Arguments> onStreams() {
        return Stream.of(
                error("DATA before HEADERS", 0x105, Wire.frame(H3.DATA, new byte[1])),
                error("PUSH_PROMISE", 0x108, Wire.frame(H3.PUSH_PROMISE, new byte[3])),
                error("SETTINGS", 0x105, SETTINGS),
                error("HEADERS in a tunnel", 0x105, Wire.join(OK, Wire.headers("a", "b"))));
    }

    private static Arguments error(String name, long code, byte[] bytes) {
        return arguments(name, code, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("onStreams")
    void closesTheConnectionForWhatItAnswers(String name, long code, byte[] bytes) throws Exception {
        RecordingStream events = new RecordingStream();
        connected().open(TUNNEL, s -> events);
        peer.write(request(), bytes);
        assertThat(peer.closedWith()).isEqualTo(code);
        assertThat(events.closed.get(10, TimeUnit.SECONDS).reason()).isEqualTo(ResetReason.SESSION_LOST);
        assertThat(handler.closed.get(10, TimeUnit.SECONDS)).isInstanceOf(H3Exception.class);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("no status", TUNNEL, Wire.headers("server", "x")),
                arguments("a status twice", TUNNEL, Wire.headers(":status", "200", ":status", "200")),
                arguments("a status of letters", TUNNEL, Wire.headers(":status", "abc")),
                arguments("a status of 99", TUNNEL, Wire.headers(":status", "99")),
                arguments("a status of 600", TUNNEL, Wire.headers(":status", "600")),
                arguments("status 101", TUNNEL, Wire.headers(":status", "101")),
                arguments("a path", TUNNEL, Wire.headers(":status", "200", ":path", "/")),
                arguments("capitals", TUNNEL, Wire.headers(":status", "200", "Server", "x")),
                arguments("LF in a value", TUNNEL, Wire.headers(":status", "200", "a", "b\nc")),
                arguments("NUL in a value", TUNNEL, Wire.headers(":status", "200", "a", "b\0")),
                arguments("connection", TUNNEL, Wire.headers(":status", "200", "connection", "close")),
                arguments("capsules with a length", UDP, Wire.headers(":status", "200", "content-length", "3")),
                arguments("capsules in a 204", UDP, Wire.headers(":status", "204")),
                arguments("capsules in a 206", UDP, Wire.headers(":status", "206")),
                arguments(
                        "too much content",
                        GET,
                        Wire.join(
                                Wire.headers(":status", "200", "content-length", "1"),
                                Wire.frame(H3.DATA, new byte[2]))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void resetsTheStreamOnly(String name, RequestHead head, byte[] answer) throws Exception {
        HttpSession session = connected();
        RecordingStream events = new RecordingStream();
        session.open(head, s -> events).resume();
        QuicStream stream = request();
        peer.write(stream, answer);
        assertThat(peer.stoppedWith(stream)).isEqualTo(H3.MESSAGE_ERROR);
        assertThat(events.closed.get(10, TimeUnit.SECONDS).reason()).isEqualTo(ResetReason.MALFORMED);
        RecordingStream others = new RecordingStream();
        session.open(TUNNEL, s -> others);
        peer.write(request(), OK);
        assertThat(others.response.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    @Test
    void sendsNoExtendedConnectToAServerThatDoesNotAllowIt() throws Exception {
        peer.control(Wire.frame(H3.SETTINGS, Wire.settings(0x33, 1)));
        HttpSession session = connecting.get(10, TimeUnit.SECONDS);
        assertThat(session.supportsExtendedConnect()).isFalse();
        RecordingStream refused = new RecordingStream();
        session.open(UDP, s -> refused);
        assertThat(refused.closed.get(10, TimeUnit.SECONDS)).isEqualTo(StreamFailure.local(ResetReason.REFUSED, null));
        RecordingStream fine = new RecordingStream();
        session.open(TUNNEL, s -> fine);
        QuicStream first = request();
        assertThat(first.getStreamId()).isZero(); // nothing was sent for the other
    }

    @Test
    void usesCapsulesWithAServerThatTakesNoDatagrams() throws Exception {
        peer.control(Wire.frame(H3.SETTINGS, Wire.settings(0x8, 1)));
        RecordingStream events = new RecordingStream();
        HttpStream tunnel = connecting.get(10, TimeUnit.SECONDS).open(UDP, s -> events);
        QuicStream stream = request();
        assertThat(tunnel.sendDatagram(ByteBuffer.wrap(Wire.bytes(0, 'h', 'i'))))
                .isTrue();
        tunnel.flush();
        assertThat(RawPeer.readTo(stream, "\0\5\0\3\0hi")).endsWith("\0\5\0\3\0hi");
        assertThat(peer.datagrams).isEmpty();
        peer.write(stream, OK, Wire.frame(H3.DATA, Wire.bytes(0, 2, 0, 'y')));
        assertThat(events.datagrams.poll(10, TimeUnit.SECONDS)).containsExactly(0, 'y');
    }

    @Test
    void whatAGoawayExcludesMayBeSentAgainAndTheRestGoesOn() throws Exception {
        QuicStream control = peer.control(SETTINGS);
        HttpSession session = connecting.get(10, TimeUnit.SECONDS);
        RecordingStream kept = new RecordingStream();
        RecordingStream excluded = new RecordingStream();
        session.open(TUNNEL, s -> kept);
        QuicStream first = request();
        session.open(TUNNEL, s -> excluded);
        QuicStream second = request();
        peer.write(control, goaway(4));
        assertThat(handler.draining.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(excluded.closed.get(10, TimeUnit.SECONDS))
                .isEqualTo(StreamFailure.remote(ResetReason.REFUSED, H3.REQUEST_REJECTED));
        assertThat(peer.stoppedWith(second)).isEqualTo(0x10c);
        assertThat(session.availableStreams()).isZero();
        peer.write(first, OK);
        assertThat(kept.response.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        peer.write(control, goaway(0));
        assertThat(kept.closed.get(10, TimeUnit.SECONDS).reason()).isEqualTo(ResetReason.REFUSED);
    }

    @Test
    void toleratesWhatItDoesNotKnow() throws Exception {
        long grease = 0x1f * 3 + 0x21;
        peer.control(
                Wire.frame(H3.SETTINGS, Wire.settings(0x8, 1, 0x33, 1, grease, 5, 0xf0700, 9)),
                Wire.frame(grease, new byte[100]));
        HttpSession session = connecting.get(10, TimeUnit.SECONDS);
        peer.uni(Wire.varint(grease), new byte[100]);
        RecordingStream events = new RecordingStream();
        HttpStream tunnel = session.open(TUNNEL, s -> events);
        tunnel.resume();
        QuicStream stream = request();
        peer.write(
                stream,
                Wire.frame(grease, new byte[10_000]),
                Wire.headers(":status", "103"),
                OK,
                Wire.frame(grease, new byte[3]),
                Wire.frame(H3.DATA, Wire.bytes('h', 'i')));
        peer.end(stream);
        tunnel.end();
        assertThat(events.await(2)).containsExactly('h', 'i');
        assertThat(events.closed.get(10, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void aFieldSectionBeyondWhatTheServerTakesIsNotSent() throws Exception {
        peer.control(Wire.frame(H3.SETTINGS, Wire.settings(0x6, 200)));
        HttpSession session = connecting.get(10, TimeUnit.SECONDS);
        RecordingStream refused = new RecordingStream();
        session.open(RequestHead.connect("target.example:443", HeaderFields.of("a", "b".repeat(300))), s -> refused);
        assertThat(refused.closed.get(10, TimeUnit.SECONDS)).isEqualTo(StreamFailure.local(ResetReason.REFUSED, null));
    }
}
