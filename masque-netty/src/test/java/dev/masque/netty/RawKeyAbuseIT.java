package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.RawKeyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers with bad intent get out of raw public keys: nothing. */
@Timeout(120)
class RawKeyAbuseIT {
    private static final RawKey SERVER = RawKeys.ed25519();
    private static final RawKey CLIENT = RawKeys.p256();
    private static final RawKey THIEF = RawKeys.p256();
    private static final int RESERVED_FOR_ANSWERS = 64 << 10;

    private final Transport transport = new NettyTransportProvider().create();
    private final AtomicInteger sessions = new AtomicInteger();
    private Listening listening;

    @SuppressWarnings("NullAway.Init") // listen()
    RawKeyAbuseIT() {}

    @BeforeEach
    void listen() throws Exception {
        listening = transport
                .listen(
                        new ListenOptions(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                        Set.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2),
                                        Loopback.PKI::identity,
                                        limits())
                                .withRawKeys(new RawKeyServer(() -> SERVER, RawKeys.pins(CLIENT), true, true)),
                        new SessionHandler() {
                            @Override
                            public void opened(HttpSession session) {
                                sessions.incrementAndGet();
                            }

                            @Override
                            public StreamHandler request(HttpStream stream) {
                                stream.respond(new ResponseHead(204, HeaderFields.empty()));
                                stream.end();
                                return Events.on(stream);
                            }
                        })
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static SessionLimits limits() {
        SessionLimits some = SessionLimits.defaults();
        return new SessionLimits(
                some.maxStreams(),
                some.maxFieldSectionSize(),
                some.streamWindow(),
                some.sessionWindow(),
                some.datagramQueue(),
                Duration.ofSeconds(3),
                some.idleTimeout());
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(30_000);
        socket.setReceiveBufferSize(RESERVED_FOR_ANSWERS);
        socket.connect(listening.address());
        return socket;
    }

    private static byte[] certificate() {
        try {
            return Loopback.PKI.identity().chain().get(0).getEncoded();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] stretched(int size) {
        byte[] bytes = new byte[size];
        System.arraycopy(CLIENT.info().toArray(), 0, bytes, 0, CLIENT.info().size());
        return bytes;
    }

    static Stream<Arguments> forged() {
        byte[] good = CLIENT.info().toArray();
        byte[] offTheCurve = good.clone();
        offTheCurve[good.length - 1] ^= 1;
        return Stream.of(
                Arguments.of("a certificate", new ForgedKey(CLIENT, certificate())),
                Arguments.of("8 KB", new ForgedKey(CLIENT, stretched(8 << 10))),
                Arguments.of("one byte more", new ForgedKey(CLIENT, stretched(good.length + 1))),
                Arguments.of("60 KB", new ForgedKey(CLIENT, stretched(60 << 10))),
                Arguments.of("1 MB", new ForgedKey(CLIENT, stretched(1 << 20))),
                Arguments.of("one byte", new ForgedKey(CLIENT, new byte[] {0x30})),
                Arguments.of("no point of the curve", new ForgedKey(CLIENT, offTheCurve)),
                Arguments.of("two keys", new ForgedKey(CLIENT, List.of(good, good))),
                Arguments.of("200 keys", new ForgedKey(CLIENT, Collections.nCopies(200, good))),
                Arguments.of("another's key", new ForgedKey(THIEF, good)),
                Arguments.of("an unknown key", new ForgedKey(THIEF, THIEF.info().toArray())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void aServerRefusesWhatIsNoKeyOfItsClients(String what, ForgedKey key) throws Exception {
        try (Socket socket = socket()) {
            assertThatThrownBy(() -> {
                        ForgingClient.Connection connection = ForgingClient.connect(socket, key);
                        connection.getInputStream().read(); // a client is done before it hears of it
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(sessions).hasValue(0);
        assertStillServes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void aClientRefusesWhatIsNoKeyOfItsProxy(String what, ForgedKey key) throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletionStage<HttpSession> connecting = transport.connect(
                    new ConnectOptions(
                                    (InetSocketAddress) proxy.getLocalSocketAddress(),
                                    "localhost",
                                    List.of(HttpVersion.HTTP_2),
                                    Loopback.PKI.trust(),
                                    Duration.ofSeconds(20),
                                    SessionLimits.defaults())
                            .withRawKeys(new RawKeyClient(RawKeys.pins(CLIENT), null)),
                    stream -> {
                        throw new AssertionError("a request from a proxy");
                    });
            try (Socket socket = proxy.accept()) {
                socket.setSoTimeout(30_000);
                assertThatThrownBy(() -> ForgingServer.accept(socket, key)).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> connecting.toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NextHopException.class);
        }
    }

    private void assertStillServes() throws Exception {
        try (Socket socket = socket()) {
            ForgingClient.Connection connection = ForgingClient.connect(
                    socket, new ForgedKey(CLIENT, CLIENT.info().toArray()));
            assertAnswers(connection);
        }
    }

    private static void assertAnswers(ForgingClient.Connection connection) throws IOException {
        connection
                .getOutputStream()
                .write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int next = connection.getInputStream().read();
            assertThat(next).as(() -> "after " + answer).isNotNegative();
            answer.append((char) next);
        }
        assertThat(answer.toString()).startsWith("HTTP/1.1 204");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void garbageEndsTheConnection(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[random.nextInt(1, 40_000)];
        random.nextBytes(bytes);
        if (seed % 2 == 0) { // in a record that looks like one
            System.arraycopy(new byte[] {22, 3, 1, 0x40, 0}, 0, bytes, 0, Math.min(5, bytes.length));
        }
        assertEnds(bytes, false);
    }

    @Test
    void aRecordThatIsTooLongEndsTheConnection() throws Exception {
        byte[] bytes = new byte[5 + 0xffff];
        System.arraycopy(new byte[] {22, 3, 3, -1, -1}, 0, bytes, 0, 5);
        assertEnds(bytes, false);
    }

    @Test
    void halfAHandshakeAndTheEndIsNoSession() throws Exception {
        assertEnds(new byte[] {22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3}, true);
    }

    @Test
    void silenceEndsAtTheDeadline() throws Exception {
        assertEnds(new byte[0], false);
        assertEnds(new byte[] {22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3}, false);
    }

    /** The server answers to the first message, and then waits in vain. */
    @Test
    void silenceInsideTheHandshakeEndsAtTheDeadline() throws Exception {
        RawKeyEngine client = RawKeyEngine.of(new RawKeyClientProtocol(new RawKeyClientPeer(
                new RawKeyClient(RawKeys.pins(SERVER), CLIENT), "localhost", List.of(HttpVersion.HTTP_2))));
        ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), hello);
        byte[] bytes = new byte[hello.position()];
        hello.flip().get(bytes);
        assertEnds(bytes, false);
    }

    private void assertEnds(byte[] bytes, boolean half) throws Exception {
        try (Socket socket = socket()) {
            try {
                socket.getOutputStream().write(bytes);
                if (half) {
                    socket.shutdownOutput();
                }
                socket.getInputStream().readAllBytes(); // an alert, if anything
            } catch (SocketTimeoutException e) {
                throw new AssertionError("still open", e);
            } catch (IOException reset) {
                assertThat(reset).isNotNull(); // as good an end
            }
        }
        assertThat(sessions).hasValue(0);
        assertStillServes();
        sessions.set(0);
    }

    @Test
    void aFloodOfKeyUpdatesIsAnsweredOnce() throws Exception {
        try (Socket socket = socket()) {
            ForgingClient.Connection connection = ForgingClient.connect(
                    socket, new ForgedKey(CLIENT, CLIENT.info().toArray()));
            assertAnswers(connection); // the first request has a deadline
            connection.updateKeys(20_000); // if each had an answer, nobody would read them, and this would not end
            assertAnswers(connection);
        }
    }

    @Test
    void nobodyBeginsASecondHandshake() throws Exception {
        try (Socket socket = socket()) {
            ForgingClient.Connection connection = ForgingClient.connect(
                    socket, new ForgedKey(CLIENT, CLIENT.info().toArray()));
            assertAnswers(connection);
            connection.sendHello();
            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
                try {
                    return connection.getInputStream().readAllBytes().length;
                } catch (IOException e) {
                    return -1;
                }
            });
            assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }
}
