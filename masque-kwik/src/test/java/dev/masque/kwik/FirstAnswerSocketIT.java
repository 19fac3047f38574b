package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HttpSession;
import java.lang.reflect.Field;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tech.kwik.core.impl.QuicClientConnectionImpl;

/** The race between a ClientHello and its answer. */
@Timeout(180)
class FirstAnswerSocketIT {
    private static final Field STATUS = Kwik.field("tech.kwik.agent15.engine.impl.TlsClientEngineImpl", "status");

    @Test
    void anAnswerWaitsUntilAgent15WaitsForIt() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket proxy = new DatagramSocket(new InetSocketAddress(loopback, 0));
                FirstAnswerSocket socket = new FirstAnswerSocket(proxy.getLocalSocketAddress())) {
            QuicClientConnectionImpl connection = (QuicClientConnectionImpl) QuicClientConnectionImpl.newBuilder()
                    .applicationProtocol("h3")
                    .host("localhost")
                    .port(proxy.getLocalPort())
                    .socketFactory(ignored -> socket)
                    .build();
            socket.engine(Kwik.tlsEngine(connection));
            CompletableFuture<Integer> received = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    DatagramPacket packet = new DatagramPacket(new byte[10], 10);
                    socket.receive(packet);
                    received.complete(packet.getLength());
                } catch (Exception e) {
                    received.completeExceptionally(e);
                }
            });
            reader.start();
            proxy.send(new DatagramPacket(new byte[3], 3, socket.getLocalSocketAddress()));
            while (!isNapping(reader)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            assertThat(received).isNotDone();

            Object waiting = Arrays.stream(STATUS.getType().getEnumConstants())
                    .filter(status -> status.toString().equals("WaitServerHello"))
                    .findFirst()
                    .orElseThrow();
            Kwik.set(STATUS, Kwik.tlsEngine(connection), waiting);
            assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    /** In the wait of the class under test, not in the receive of the system. */
    private static boolean isNapping(Thread reader) {
        for (StackTraceElement frame : reader.getStackTrace()) {
            if (frame.getMethodName().equals("awaitHello")) {
                return true;
            }
        }
        return false;
    }

    /** Without the wait about one connection in two thousand on loopback never stood. */
    @Test
    void manyConnectionsAllStand() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer())) {
            for (int i = 0; i < 500; i++) {
                try (HttpSession session = loopback.connect()) {
                    assertThat(session.availableStreams()).isPositive();
                }
            }
        }
    }
}
