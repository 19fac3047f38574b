package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import dev.masque.netty.raw.RawH2;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client does with a proxy that does not keep to the protocol, on the wire. */
@Timeout(60)
class HostileProxyTest {
    private final Transport transport = new NettyTransportProvider().create();
    private final SSLServerSocket proxy = listening();

    private static SSLServerSocket listening() {
        try {
            return (SSLServerSocket) Loopback.PKI
                    .context()
                    .getServerSocketFactory()
                    .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        transport.close();
        proxy.close();
    }

    /** A connection from our client, as the proxy sees it. */
    private record Wire(SSLSocket socket, HttpSession session, CompletableFuture<Boolean> closed)
            implements AutoCloseable {
        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        void readHead() throws IOException {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
        }

        /** Waits for a request and returns its stream: a response to one that is not there would be another error. */
        int readRequest() throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int lengthAndType = in.readInt();
                if (lengthAndType == 0x50524920) { // "PRI ", of the preface of 24 bytes
                    in.skipNBytes(20);
                    continue;
                }
                in.skipNBytes(1);
                int stream = in.readInt();
                in.skipNBytes(lengthAndType >>> 8);
                if ((lengthAndType & 0xff) == RawH2.HEADERS) {
                    return stream;
                }
            }
        }

        @Override
        public void close() throws IOException {
            session.close();
            socket.close();
        }
    }

    private Wire connect(HttpVersion version, byte[] first) throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        var connecting = transport
                .connect(
                        new ConnectOptions(
                                (InetSocketAddress) proxy.getLocalSocketAddress(),
                                "localhost",
                                List.of(version),
                                Loopback.PKI.trust(),
                                Duration.ofSeconds(10),
                                SessionLimits.defaults()),
                        new SessionHandler() {
                            @Override
                            public StreamHandler request(HttpStream stream) {
                                throw new AssertionError("a request from a proxy");
                            }

                            @Override
                            public void closed(HttpSession session, @Nullable Throwable cause) {
                                closed.complete(cause != null);
                            }
                        })
                .toCompletableFuture();
        SSLSocket socket = (SSLSocket) proxy.accept();
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {version == HttpVersion.HTTP_2 ? "h2" : "http/1.1"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        socket.getOutputStream().write(first);
        socket.getOutputStream().flush();
        return new Wire(socket, connecting.get(10, TimeUnit.SECONDS), closed);
    }

    private static Events open(Wire wire, RequestHead head) {
        Events events = new Events();
        HttpStream stream = wire.session.open(head, opened -> events);
        stream.resume();
        return events;
    }

    private static final RequestHead TUNNEL = RequestHead.connect("a.example:443", HeaderFields.empty());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nX: a\nY: b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\rY: b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX : a\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: a\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 999 OK\r\n\r\n",
                "HTTP/1.1 -20 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: connect-udp\r\n\r\n",
                "HTTP/1.1 403 No\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 403 No\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 403 No\r\nContent-Length: -5\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            })
    void aMalformedResponseOfHttp1EndsTheSession(String response) throws Exception {
        try (Wire wire = connect(HttpVersion.HTTP_1_1, new byte[0])) {
            Events events = open(wire, TUNNEL);
            wire.readHead();
            wire.send(response);

            StreamFailure failure = events.failure();
            assertThat(failure).isNotNull();
            assertThat(failure.reason()).isIn(ResetReason.MALFORMED, ResetReason.SESSION_LOST);
            assertThat(wire.closed.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aLengthInAResponseThatOpensATunnelHasNoMeaning() throws Exception {
        try (Wire wire = connect(HttpVersion.HTTP_1_1, new byte[0])) {
            Events events = open(wire, TUNNEL);
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nmore than two");

            assertThat(events.response().isSuccess()).isTrue();
            assertThat(events.awaitBytes(13)).isEqualTo("more than two");
        }
    }

    @Test
    void aResponseThatNobodyAskedForEndsTheSession() throws Exception {
        try (Wire wire = connect(HttpVersion.HTTP_1_1, new byte[0])) {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            assertThat(wire.closed.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aResponseHeadWithoutEndIsNotBuffered() throws Exception {
        try (Wire wire = connect(HttpVersion.HTTP_1_1, new byte[0])) {
            Events events = open(wire, TUNNEL);
            wire.readHead();
            try {
                wire.send("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000));
            } catch (IOException cutWhileSending) {
                assertThat(cutWhileSending).isNotNull();
            }

            assertThat(events.failure()).isNotNull();
        }
    }

    @Test
    void aProxyThatIgnoresTheUpgradeIsNoTunnel() throws Exception {
        try (Wire wire = connect(HttpVersion.HTTP_1_1, new byte[0])) {
            Events events = open(wire, RequestHead.connectUdp("localhost", "/udp/", HeaderFields.empty()));
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            assertThat(events.failure()).isNotNull();
        }
    }

    private static final byte[] SETTINGS =
            RawH2.frame(RawH2.SETTINGS, 0, 0, HexFormat.of().parseHex("000800000001"));

    private static byte[] response(int stream, String... fields) {
        return RawH2.frame(RawH2.HEADERS, RawH2.END_HEADERS, stream, RawH2.block(fields));
    }

    @Test
    void extendedConnectIsNotSentToAProxyThatDidNotOfferIt() throws Exception {
        try (Wire wire = connect(HttpVersion.HTTP_2, RawH2.frame(RawH2.SETTINGS, 0, 0, new byte[0]))) {
            assertThat(wire.session.supportsExtendedConnect()).isFalse();
            Events events = open(wire, RequestHead.connectUdp("localhost", "/udp/", HeaderFields.empty()));

            StreamFailure failure = events.failure();
            assertThat(failure).isNotNull();
            assertThat(failure.reason()).isEqualTo(ResetReason.REFUSED);
        }
    }

    @Test
    void extendedConnectIsNotTakenBack() throws Exception {
        try (Wire wire = connect(HttpVersion.HTTP_2, SETTINGS)) {
            assertThat(wire.session.supportsExtendedConnect()).isTrue();
            wire.send(RawH2.frame(RawH2.SETTINGS, 0, 0, HexFormat.of().parseHex("000800000000")));

            assertThat(wire.closed.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"99", "600", "2x0", "", "101", "+20"})
    void aStatusThatIsNoneEndsTheStreamAlone(String status) throws Exception {
        try (Wire wire = connect(HttpVersion.HTTP_2, SETTINGS)) {
            Events events = open(wire, TUNNEL);
            int stream = wire.readRequest();
            Events next = open(wire, TUNNEL);
            wire.send(response(stream, ":status", status));
            wire.send(response(wire.readRequest(), ":status", "200"));

            StreamFailure failure = events.failure();
            assertThat(failure).isNotNull();
            assertThat(failure.reason()).isEqualTo(ResetReason.MALFORMED);
            assertThat(next.response().status()).isEqualTo(200);
        }
    }

    @Test
    void oddFieldsInAResponseEndTheStreamAlone() throws Exception {
        String[][] heads = {
            {":status", "200", "x", "a\r\nb: c"},
            {":status", "200", "x", "a\0"},
            {":status", "200", "host", " "},
            {":status", "200", "X", "y"},
            {":status", "200", "connection", "close"},
            {":status", "200", ":path", "/"},
            {":status", "200", ":status", "200"},
            {"x", "y", ":status", "200"},
            {"x", "y"},
        };
        try (Wire wire = connect(HttpVersion.HTTP_2, SETTINGS)) {
            for (int i = 0; i < heads.length; i++) {
                Events events = open(wire, TUNNEL);
                wire.send(response(wire.readRequest(), heads[i]));
                StreamFailure failure = events.failure();
                assertThat(failure).as("%d", i).isNotNull();
                assertThat(failure.reason()).as("%d", i).isEqualTo(ResetReason.MALFORMED);
            }
            Events last = open(wire, TUNNEL);
            wire.send(response(wire.readRequest(), ":status", "200"));
            ResponseHead head = last.response();
            assertThat(head.isSuccess()).isTrue();
        }
    }

    @Test
    void aProxyThatPushesOrFloodsLosesTheSession() throws Exception {
        for (boolean pushes : new boolean[] {true, false}) {
            try (Wire wire = connect(HttpVersion.HTTP_2, SETTINGS)) {
                Events events = open(wire, TUNNEL);
                int stream = wire.readRequest();
                if (pushes) {
                    wire.send(RawH2.frame(
                            5, RawH2.END_HEADERS, stream, HexFormat.of().parseHex("0000000282")));
                }
                for (int i = 0; i < 5_000 && !pushes; i++) {
                    wire.send(RawH2.frame(RawH2.PING, 0, 0, new byte[8]));
                }
                assertThat(events.failure()).isNotNull();
                assertThat(wire.closed.get(10, TimeUnit.SECONDS)).isTrue();
            } catch (javax.net.ssl.SSLException | java.net.SocketException cutWhileSending) {
                assertThat(cutWhileSending).isNotNull();
            }
        }
    }
}
