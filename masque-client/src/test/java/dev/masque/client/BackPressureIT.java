package dev.masque.client;

import static dev.masque.client.RealProxy.authority;
import static dev.masque.client.RealProxy.udpPath;
import static dev.masque.client.Waiting.inBackground;
import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.netty.raw.RawH2;
import dev.masque.netty.raw.RawTls;
import dev.masque.server.access.AccessPolicy;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not read costs a bounded amount of memory, and nobody else's time. */
@Timeout(180)
class BackPressureIT {
    private static final int MUCH = 96 << 20;

    /** Buffers of the system and of TLS on the way, and the JVM's own unrest. */
    private static final long BOUNDED = 48L << 20;

    @AutoClose
    private final RealProxy proxy = new RealProxy(builder ->
            builder.accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build()));

    @AutoClose
    private final ServerSocket target = listening();

    @TempDir
    private Path directory;

    private static ServerSocket listening() {
        try {
            ServerSocket socket = new ServerSocket(0, 50, RealProxy.LOOPBACK);
            socket.setSoTimeout(20_000);
            return socket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<HttpVersion> versions() {
        return Clients.transported();
    }

    private static long memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
    }

    /** Writes much, counting, and stops only where nobody takes it. */
    private static CompletableFuture<Void> pour(OutputStream into, AtomicLong count) throws InterruptedException {
        byte[] chunk = new byte[64 << 10];
        return inBackground(() -> {
            while (count.get() < MUCH) {
                into.write(chunk);
                into.flush();
                count.addAndGet(chunk.length);
            }
        });
    }

    private static void untilStuck(AtomicLong count) throws Exception {
        long[] last = {-1};
        until(() -> {
            long now = count.get();
            boolean still = now == last[0] && now > 0;
            last[0] = now;
            TimeUnit.MILLISECONDS.sleep(300);
            return still;
        });
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aTargetThatDoesNotReadHoldsTheClientBack(HttpVersion version) throws Exception {
        long before = memory();
        try (MasqueClient client = proxy.client(version, directory).build();
                TcpTunnel tunnel = client.openTcp("127.0.0.1", target.getLocalPort());
                Socket accepted = target.accept()) {
            AtomicLong written = new AtomicLong();
            CompletableFuture<Void> writer = pour(tunnel.outputStream(), written);
            untilStuck(written);
            assertThat(written.get()).isLessThan(MUCH);
            assertThat(memory() - before).isLessThan(BOUNDED);
            proxy.assertServes();

            accepted.getInputStream().skipNBytes(MUCH);
            writer.get();
        }
    }

    @Test
    void aClientOfHttp1ThatDoesNotReadHoldsTheTargetBack() throws Exception {
        long before = memory();
        try (RawTls client = proxy.http1()
                        .send("CONNECT " + authority(target.getLocalPort()) + " HTTP/1.1\r\nHost: a\r\n\r\n");
                Socket accepted = target.accept()) {
            client.readUntil("\r\n\r\n");
            AtomicLong written = new AtomicLong();
            CompletableFuture<Void> writer = pour(accepted.getOutputStream(), written);
            untilStuck(written);
            assertThat(written.get()).isLessThan(MUCH);
            assertThat(memory() - before).isLessThan(BOUNDED);
            proxy.assertServes();

            for (int read = 0; read < MUCH; read += 1 << 16) {
                assertThat(client.read(1 << 16)).hasSize(1 << 16);
            }
            writer.get();
        }
    }

    @Test
    void aClientOfHttp2ThatOpensNoWindowHoldsItsTargetsBackAndNothingElse() throws Exception {
        long before = memory();
        try (RawH2 client = proxy.http2().settle()) {
            AtomicLong written = new AtomicLong();
            List<Socket> accepted = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                client.connect(2 * i + 1, authority(target.getLocalPort()));
                accepted.add(target.accept());
                pour(accepted.get(i).getOutputStream(), written);
            }
            untilStuck(written);
            assertThat(memory() - before).isLessThan(BOUNDED);
            proxy.assertServes();

            for (Socket socket : accepted) {
                socket.close();
            }
        }
        until(() -> proxy.server.tunnels() == 0);
    }

    /** As many as would take the whole window of the connection, several times over. */
    @Test
    void tunnelsWhoseTargetsDoNotReadDoNotStarveOthersOfTheConnection() throws Exception {
        try (RawH2 client = proxy.http2().settle();
                EchoOrigin echo = EchoOrigin.plain()) {
            int stalled = 12;
            List<Socket> silent = new ArrayList<>(); // kept: a socket that is forgotten is closed
            for (int i = 0; i < stalled; i++) {
                client.connect(2 * i + 1, authority(target.getLocalPort()));
                silent.add(target.accept());
            }
            Filling filling = new Filling(client, stalled);
            filling.fill();
            int stream = 2 * stalled + 1;
            client.connect(stream, authority(echo.port()));
            assertThat(client.await(frame -> frame.stream() == stream).status()).isEqualTo("200");
            assertThat(filling.window(0))
                    .as("what the connection may still send")
                    .isGreaterThan(1 << 20);
            client.data(stream, false, new byte[] {42});
            assertThat(client.await(frame -> frame.stream() == stream && frame.type() == RawH2.DATA)
                            .payload()
                            .get(0))
                    .isEqualTo((byte) 42);
            assertThat(proxy.server.tunnels()).isEqualTo(stalled + 1);
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** Sends on some streams what their windows allow, until none of them grows any more. */
    private static final class Filling {
        private final RawH2 client;
        private final int streams;
        private final long[] windows;

        Filling(RawH2 client, int streams) {
            this.client = client;
            this.streams = streams;
            this.windows = new long[2 * streams];
            java.util.Arrays.fill(windows, 1 << 20);
            windows[0] = 65_535;
        }

        long window(int stream) {
            return windows[stream];
        }

        void fill() throws Exception {
            long[] sent = {0};
            until(() -> {
                long before = sent[0];
                for (int round = 0; round < 20; round++) {
                    client.send(RawH2.PING, 0, 0, new byte[8]);
                    assertThat(settled()).isTrue();
                    for (int i = 0; i < streams; i++) {
                        sent[0] += send(2 * i + 1);
                    }
                    TimeUnit.MILLISECONDS.sleep(10); // for the targets' sockets, which take some
                }
                return sent[0] == before;
            });
        }

        private int send(int stream) throws IOException {
            int room = (int) Math.min(16_000, Math.min(windows[0], windows[stream]));
            if (room > 0) {
                client.data(stream, false, new byte[room]);
                windows[0] -= room;
                windows[stream] -= room;
            }
            return room;
        }

        /** Reads up to the answer to a PING, which comes after all that the server had to say. */
        private boolean settled() {
            for (RawH2.Frame frame = client.read(); frame != null; frame = client.read()) {
                if (frame.type() == RawH2.WINDOW_UPDATE && frame.stream() < windows.length) {
                    windows[frame.stream()] += frame.error();
                }
                if (frame.type() == RawH2.PING) {
                    return true;
                }
            }
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1", "HTTP/2"})
    void datagramsThatTheClientDoesNotReadAreDropped(String version) throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, RealProxy.LOOPBACK)) {
            socket.setSoTimeout(20_000);
            String path = udpPath(socket.getLocalPort());
            long before = memory();
            try (AutoCloseable client = version.equals("HTTP/2")
                    ? proxy.http2().connectUdp(1, path).data(1, false, new byte[] {0, 2, 0, 1})
                    : proxy.http1()
                            .send(
                                    "GET " + path
                                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: connect-udp\r\n\r\n\0\2\0\1")) {
                DatagramPacket first = new DatagramPacket(new byte[10], 10);
                socket.receive(first);
                InetSocketAddress relay = (InetSocketAddress) first.getSocketAddress();
                DatagramPacket packet = new DatagramPacket(new byte[1_200], 1_200, relay);
                for (int i = 0; i < 100_000; i++) {
                    socket.send(packet);
                }
                assertThat(memory() - before).isLessThan(BOUNDED);
                assertThat(client).isNotNull();
                assertThat(proxy.server.tunnels()).isOne();
                proxy.assertServes();
            }
        }
    }
}
