package dev.masque.client;

import static dev.masque.client.RealProxy.authority;
import static dev.masque.client.Waiting.until;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.netty.raw.RawH2;
import dev.masque.netty.raw.RawTls;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.event.CloseReason;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Client, target and proxy die at each moment; whoever is left learns that it was no proper end (RFC 9113, 8.5). */
@Timeout(120)
class SuddenDeathIT {
    private static final int CANCEL = 8;
    private static final int CONNECT_ERROR = 10;

    @AutoClose
    private final RealProxy proxy = new RealProxy(builder ->
            builder.accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build()));

    @AutoClose
    private final ServerSocket target = listening();

    private static ServerSocket listening() {
        try {
            ServerSocket socket = new ServerSocket(0, 50, RealProxy.LOOPBACK);
            socket.setSoTimeout(20_000);
            return socket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void nothingIsOpen() {
        assertThat(proxy.server.tunnels()).isZero();
    }

    @AfterEach
    void nothingStaysOpenAndOthersAreServed() throws Exception {
        until(() -> proxy.server.tunnels() == 0);
        proxy.assertServes();
    }

    /** How a client leaves. */
    enum Death {
        RESET {
            @Override
            void of(RawTls client) throws IOException {
                client.kill();
            }
        },
        /** FIN, and no close_notify before it: as it looks when someone cuts the stream short. */
        WITHOUT_A_WORD {
            @Override
            void of(RawTls client) throws IOException {
                client.cut();
            }
        };

        abstract void of(RawTls client) throws IOException;
    }

    private Socket accept() throws IOException {
        Socket socket = target.accept();
        socket.setSoTimeout(20_000);
        return socket;
    }

    private RawTls http1(String more) throws Exception {
        RawTls client = proxy.http1()
                .send("CONNECT " + authority(target.getLocalPort()) + " HTTP/1.1\r\nHost: a\r\n\r\n" + more);
        assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private RawH2 http2() throws Exception {
        RawH2 client = proxy.http2().connect(1, authority(target.getLocalPort()));
        assertThat(client.await(RawH2.HEADERS).status()).isEqualTo("200");
        return client;
    }

    /** What a target reads, to the end: "end" if it was one, "reset" if not. */
    private static String rest(Socket socket) {
        StringBuilder text = new StringBuilder();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                text.append((char) b);
            }
            return text + "|end";
        } catch (IOException e) {
            return text + "|reset";
        }
    }

    private static void die(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @ParameterizedTest
    @EnumSource
    void aClientOfHttp1ThatDiesResetsTheTarget(Death death) throws Exception {
        RawTls client = http1("half a word");
        try (Socket socket = accept()) {
            assertThat(socket.getInputStream().readNBytes(11)).hasSize(11);
            death.of(client);

            assertThat(rest(socket)).endsWith("|reset");
        }
        assertThat(proxy.nextClosed().reason()).isIn(CloseReason.CLIENT_LOST, CloseReason.CLIENT_RESET);
    }

    @ParameterizedTest
    @EnumSource
    void aClientOfHttp2ThatDiesResetsTheTargetsOfAllItsTunnels(Death death) throws Exception {
        RawH2 client = http2();
        client.connect(3, authority(target.getLocalPort()));
        assertThat(client.await(RawH2.HEADERS).status()).isEqualTo("200");
        client.data(1, false, "half a word".getBytes(US_ASCII));
        try (Socket one = accept();
                Socket other = accept()) {
            death.of(client.tls);

            assertThat(rest(one)).endsWith("|reset");
            assertThat(rest(other)).endsWith("|reset");
        }
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.CLIENT_LOST);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatDiesAfterItsEndResetsTheTargetToo(Death death) throws Exception {
        RawH2 client = http2();
        try (Socket socket = accept()) {
            client.data(1, true, "all".getBytes(US_ASCII));
            assertThat(rest(socket)).isEqualTo("all|end");
            death.of(client.tls);

            assertThat(writesFail(socket)).isTrue();
        }
    }

    @Test
    void aClientOfHttp1ThatDiesAfterItsEndResetsTheTargetToo() throws Exception {
        RawTls client = http1("all");
        try (Socket socket = accept()) {
            client.socket.shutdownOutput();
            assertThat(rest(socket)).isEqualTo("all|end");
            client.kill();

            assertThat(writesFail(socket)).isTrue();
        }
    }

    private static boolean writesFail(Socket socket) throws Exception {
        try {
            until(() -> {
                socket.getOutputStream().write(1);
                return false;
            });
        } catch (IOException reset) {
            return true;
        }
        return false;
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatDiesWhileItsTargetIsResolvedOrConnectedLeavesNothing(Death death) throws Exception {
        RawTls first = proxy.http1().send("CONNECT silent.example:443 HTTP/1.1\r\nHost: a\r\n\r\n");
        RawH2 second = proxy.http2().connect(1, "silent.example:443").connect(3, authority(target.getLocalPort()));
        until(() -> proxy.server.connections() == 2 && proxy.dns.asked("silent.example") > 0);
        death.of(first);
        death.of(second.tls);

        until(() -> proxy.server.connections() == 0);
        try (Socket socket = accept()) {
            assertThat(rest(socket)).isEqualTo("|reset");
        } catch (java.net.SocketTimeoutException never) {
            assertThat(proxy.server.tunnels()).isZero(); // the attempt was given up before it was made
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatDiesInsideAHeadLeavesNothing(Death death) throws Exception {
        death.of(proxy.http1().send("CONNECT a.exam"));
        RawH2 client = proxy.http2();
        client.send(RawH2.HEADERS, 0, 1, RawH2.block(":method", "CONNECT"));
        death.of(client.tls);
        RawH2 other = proxy.http2();
        other.tls.send(new byte[] {0, 0, 100, 1});
        death.of(other.tls);

        until(() -> proxy.server.connections() == 0);
    }

    @Test
    void aResetStreamIsAResetTargetAndTheSessionGoesOn() throws Exception {
        try (RawH2 client = http2();
                Socket socket = accept()) {
            client.data(1, false, "half".getBytes(US_ASCII)).reset(1, CANCEL);
            assertThat(rest(socket)).endsWith("|reset");

            client.connect(3, authority(target.getLocalPort()));
            assertThat(client.await(RawH2.HEADERS).status()).isEqualTo("200");
            assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void aStreamResetAfterItsEndIsAResetTargetToo() throws Exception {
        try (RawH2 client = http2();
                Socket socket = accept()) {
            client.data(1, true, "all".getBytes(US_ASCII));
            assertThat(rest(socket)).isEqualTo("all|end");
            client.reset(1, CANCEL);

            assertThat(writesFail(socket)).isTrue();
        }
    }

    @Test
    void aTargetThatDiesIsAConnectErrorWithWhatItSaidBefore() throws Exception {
        try (RawH2 client = http2();
                Socket socket = accept()) {
            socket.getOutputStream().write("last words".getBytes(US_ASCII));
            assertThat(client.await(RawH2.DATA).payload().remaining()).isEqualTo(10);
            die(socket);

            assertThat(client.await(RawH2.RST_STREAM).error()).isEqualTo(CONNECT_ERROR);
            assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.TARGET_FAILED);
        }
    }

    @Test
    void aTargetThatDiesAfterTheClientsEndIsAConnectErrorToo() throws Exception {
        try (RawH2 client = http2();
                Socket socket = accept()) {
            client.data(1, true, "all".getBytes(US_ASCII));
            assertThat(rest(socket)).isEqualTo("all|end");
            die(socket);

            assertThat(client.await(RawH2.RST_STREAM).error()).isEqualTo(CONNECT_ERROR);
        }
    }

    @Test
    void aTargetThatDiesAfterItsOwnEndIsAConnectErrorToo() throws Exception {
        try (RawH2 client = http2();
                Socket socket = accept()) {
            socket.shutdownOutput();
            client.await(frame -> frame.stream() == 1 && frame.ends());
            die(socket);
            client.data(1, false, "who listens".getBytes(US_ASCII));

            assertThat(client.await(RawH2.RST_STREAM).error()).isEqualTo(CONNECT_ERROR);
        }
    }

    @Test
    void aTargetThatDiesCutsAConnectionOfHttp1() throws Exception {
        try (RawTls client = http1("")) {
            Socket socket = accept();
            socket.getOutputStream().write("last words".getBytes(US_ASCII));
            assertThat(client.read(10)).hasSize(10);
            die(socket);

            assertThat(client.readAll()).isEqualTo("<cut>");
        }
    }

    @Test
    void manyTargetsThatDieDoNotEndTheSession() throws Exception {
        try (RawH2 client = proxy.http2()) {
            for (int i = 0; i < 500; i++) {
                int stream = 2 * i + 1;
                client.connect(stream, authority(target.getLocalPort()));
                assertThat(client.await(frame -> frame.stream() == stream).status())
                        .isEqualTo("200");
                die(accept());
                RawH2.Frame reset = client.await(frame -> frame.stream() == stream);
                assertThat(reset.type()).isEqualTo(RawH2.RST_STREAM);
                assertThat(reset.error()).isEqualTo(CONNECT_ERROR);
            }
            client.connect(1_001, authority(target.getLocalPort()));
            assertThat(client.await(RawH2.HEADERS).status()).isEqualTo("200");
        }
    }

    @Test
    void aTargetThatDiesWhileItIsConnectedIsARefusalOrAConnectError() throws Exception {
        try (RawH2 client = proxy.http2()) {
            for (int i = 0; i < 50; i++) {
                int stream = 2 * i + 1;
                client.connect(stream, authority(target.getLocalPort()));
                die(accept());
                RawH2.Frame answer = client.await(frame -> frame.stream() == stream);
                if (answer.status().equals("200")) {
                    answer = client.await(frame -> frame.stream() == stream);
                    assertThat(answer.type()).isEqualTo(RawH2.RST_STREAM);
                    assertThat(answer.error()).isEqualTo(CONNECT_ERROR);
                } else {
                    assertThat(answer.status()).isEqualTo("502");
                    assertThat(answer.fields().get("proxy-status")).contains("error=connection_terminated");
                }
            }
        }
    }

    @Test
    void aProxyThatClosesResetsBothSides() throws Exception {
        try (RealProxy mortal = new RealProxy(builder -> builder.accessPolicy(
                        AccessPolicy.builder().allow("127.0.0.0/8").build()));
                RawH2 client = mortal.http2().connect(1, authority(target.getLocalPort()));
                RawTls other = mortal.http1()
                        .send("CONNECT " + authority(target.getLocalPort()) + " HTTP/1.1\r\nHost: a\r\n\r\n")) {
            assertThat(client.await(RawH2.HEADERS).status()).isEqualTo("200");
            assertThat(other.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            try (Socket one = accept();
                    Socket two = accept()) {
                mortal.server.close();

                assertThat(rest(one)).isEqualTo("|reset");
                assertThat(rest(two)).isEqualTo("|reset");
                assertThat(other.readAll()).isEqualTo("<cut>");
                assertThat(client.await(frame -> frame.type() == RawH2.RST_STREAM || frame.type() == RawH2.GOAWAY))
                        .isNotNull();
            }
        }
    }
}
