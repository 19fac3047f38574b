package dev.masque.client;

import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.SessionLimits;
import dev.masque.netty.raw.RawH2;
import dev.masque.netty.raw.RawTls;
import dev.masque.server.ServerLimits;
import dev.masque.server.access.AccessPolicy;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that begin and do not go on are cut off by a deadline, and others are served meanwhile. */
@Timeout(120)
class SlowlorisIT {
    private static final int MANY = 100;

    @AutoClose
    private final RealProxy proxy = new RealProxy(builder -> builder.accessPolicy(
                    AccessPolicy.builder().allow("127.0.0.0/8").build())
            .limits(ServerLimits.defaults()
                    .withSession(SessionLimits.defaults().withTimeouts(Duration.ofSeconds(4), Duration.ofSeconds(4)))));

    /** The start of a TLS record with a ClientHello of 512 bytes. */
    private static final byte[] HALF_HELLO = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

    static List<byte[]> beginnings() {
        return List.of(
                new byte[0],
                HALF_HELLO,
                new byte[] {22, 3, 1},
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void handshakesThatDoNotGoOnEnd(byte[] beginning) throws Exception {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Socket socket = new Socket(RealProxy.LOOPBACK, proxy.server.port());
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(beginning);
            slow.add(socket);
        }
        proxy.assertServes();
        for (Socket socket : slow) {
            assertEnds(socket);
        }
        until(() -> proxy.server.connections() == 0);
    }

    @Test
    void aHandshakeThatDribblesInEnds() throws Exception {
        try (Socket socket = new Socket(RealProxy.LOOPBACK, proxy.server.port())) {
            socket.setSoTimeout(100);
            byte[] hello = java.util.Arrays.copyOf(HALF_HELLO, 400);
            boolean ended = false;
            for (int i = 0; i < hello.length && !ended; i++) {
                try {
                    socket.getOutputStream().write(hello[i]);
                    ended = socket.getInputStream().read() < 0;
                } catch (java.net.SocketTimeoutException notYet) {
                    assertThat(i).as("bytes that were waited for").isLessThan(200);
                } catch (IOException cut) {
                    ended = true;
                }
            }
            assertThat(ended).isTrue();
        }
        proxy.assertServes();
    }

    @Test
    void headsThatDribbleInEnd() throws Exception {
        List<AutoCloseable> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawTls http1 = proxy.http1().send("CONNECT a");
            RawH2 http2 = new RawH2(proxy.address(), false);
            http2.tls.send("PRI * HTTP/2.0\r\n\r\nSM");
            slow.add(http1);
            slow.add(http2);
        }
        proxy.assertServes();
        until(() -> {
            for (AutoCloseable one : slow) {
                try {
                    if (one instanceof RawTls http1) {
                        http1.send("x");
                    }
                } catch (IOException cut) {
                    assertThat(cut).isNotNull(); // as it should be
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
            return proxy.server.connections() == 0;
        });
        for (AutoCloseable one : slow) {
            one.close();
        }
    }

    @Test
    void aHeaderSectionThatDoesNotEndIsAnIdleConnection() throws Exception {
        try (RawH2 client = proxy.http2()) {
            client.send(RawH2.HEADERS, 0, 1, RawH2.block(":method", "CONNECT"));

            while (client.read() != null) {}
        }
        until(() -> proxy.server.connections() == 0);
    }

    /** Ends, with a word or without. */
    private static void assertEnds(Socket socket) throws IOException {
        try (socket) {
            while (socket.getInputStream().read() >= 0) {}
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("still open", e);
        } catch (IOException reset) {
            assertThat(socket.isClosed()).isTrue();
        }
    }
}
