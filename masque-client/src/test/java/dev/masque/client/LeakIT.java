package dev.masque.client;

import static dev.masque.client.RealProxy.authority;
import static dev.masque.client.RealProxy.udpPath;
import static dev.masque.client.Waiting.inBackground;
import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.netty.raw.RawH2;
import dev.masque.netty.raw.RawTls;
import dev.masque.server.access.AccessPolicy;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A server through which everything went that can go wrong has as many descriptors, threads and buffers as before. */
@Timeout(300)
class LeakIT {
    private static final int ROUNDS = 3;

    @TempDir
    private Path directory;

    /** What Netty's leak detector writes, at the level of the whole build: paranoid. */
    private static final class LeakLog implements AutoCloseable {
        private final PrintStream console = System.err;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        LeakLog() {
            System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        }

        /** Leaks are told when the next buffer is made after the garbage was collected. */
        String leaks() throws InterruptedException {
            for (int i = 0; i < 20; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(20);
                for (int k = 0; k < 100; k++) {
                    ByteBufAllocator.DEFAULT.buffer(16).release();
                }
            }
            return written.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("LEAK"))
                    .collect(Collectors.joining("\n"));
        }

        @Override
        public void close() {
            System.setErr(console);
            console.print(written.toString(StandardCharsets.UTF_8));
        }
    }

    /** Descriptors of a kind, such as socket, by what they lead to. */
    private static long descriptors(String kind) throws IOException {
        long count = 0;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open.toList()) {
                count += leadsTo(descriptor, kind) ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean leadsTo(Path descriptor, String kind) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains(kind);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** Ours, and kwik's; one guards all of its streams and sleeps for ever. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("masque-") || name.contains("kwik") || name.startsWith("receiver"))
                .filter(name -> !name.equals("masque-kwik-stall-guard"))
                .collect(Collectors.toSet());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingIsLeftOfTunnelsRefusalsResetsAndDeaths() throws Exception {
        try (LeakLog log = new LeakLog()) {
            until(() -> threads().isEmpty()); // those of other tests
            long sockets = descriptors("socket");
            long selectors = descriptors("eventpoll");
            try (RealProxy proxy = new RealProxy(builder -> builder.accessPolicy(
                            AccessPolicy.builder().allow("127.0.0.0/8").build()));
                    EchoOrigin echo = EchoOrigin.plain();
                    EchoOrigin.Udp udp = new EchoOrigin.Udp();
                    ServerSocket mortal = new ServerSocket(0, 50, RealProxy.LOOPBACK)) {
                CompletableFuture<Void> killer = inBackground(() -> killAll(mortal));
                long settled = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    mixture(proxy, echo.port(), udp.port(), mortal.getLocalPort());
                    until(() -> proxy.server.tunnels() == 0 && proxy.server.connections() == 0);
                    if (round == 0) {
                        settled = settledSockets();
                    }
                }
                long most = settled;
                until(() -> descriptors("socket") <= most);
                proxy.assertServes();
                mortal.close();
                assertThatThrownBy(killer::get).isNotNull();
            }
            until(() -> threads().isEmpty());
            until(() -> descriptors("socket") <= sockets && descriptors("eventpoll") <= selectors);
            assertThat(log.leaks()).isEmpty();
        }
    }

    @Test
    void aLeakWouldBeSeen() throws Exception {
        try (LeakLog log = new LeakLog()) {
            leak();
            assertThat(log.leaks()).contains("LEAK");
            log.written.reset();
        }
    }

    private static void leak() {
        for (int i = 0; i < 50; i++) {
            assertThat(ByteBufAllocator.DEFAULT.buffer(16).isReadable()).isFalse();
        }
    }

    /** The number that stays for a while: sockets that were closed go one after the other. */
    private static long settledSockets() throws Exception {
        long[] last = {-1, 0};
        until(() -> {
            long now = descriptors("socket");
            last[1] = now == last[0] ? last[1] + 1 : 0;
            last[0] = now;
            TimeUnit.MILLISECONDS.sleep(100);
            return last[1] >= 10;
        });
        return last[0];
    }

    private static void killAll(ServerSocket mortal) throws IOException {
        while (true) {
            try (Socket socket = mortal.accept()) {
                socket.setSoLinger(true, 0);
            }
        }
    }

    private void mixture(RealProxy proxy, int echo, int udp, int mortal) throws Exception {
        for (HttpVersion version : Clients.transported()) {
            try (MasqueClient client = proxy.client(version, directory).build()) {
                ordinary(client, echo, udp, mortal);
            }
        }
        raw(proxy, echo, mortal);
        http2(proxy, echo, udp, mortal);
    }

    private static void ordinary(MasqueClient client, int echo, int udp, int mortal) throws Exception {
        List<CompletableFuture<TcpTunnel>> opening = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            opening.add(client.openTcpAsync(Target.of("127.0.0.1", i % 3 == 0 ? mortal : echo))
                    .toCompletableFuture());
            opening.add(client.openTcpAsync(Target.of(i % 2 == 0 ? "nx.example" : "10.0.0.1", 443))
                    .toCompletableFuture());
        }
        for (int i = 0; i < opening.size(); i++) {
            try (TcpTunnel tunnel = opening.get(i).get(30, TimeUnit.SECONDS)) {
                tunnel.outputStream().write(new byte[10_000]);
                if (i % 4 == 0) {
                    tunnel.shutdownOutput();
                    tunnel.inputStream().readAllBytes();
                } // else it is closed with what comes back unread: a reset
            } catch (IOException | java.util.concurrent.ExecutionException refusedOrReset) {
                assertThat(refusedOrReset).isNotNull();
            }
        }
        for (int i = 0; i < 10; i++) {
            try (UdpTunnel tunnel = client.openUdp("127.0.0.1", i % 5 == 4 ? 9 : udp)) {
                for (int k = 0; k < 20; k++) {
                    tunnel.send(new byte[500]);
                }
                if (i % 2 == 0) {
                    assertThat(tunnel.receive(Duration.ofSeconds(10))).isPresent();
                }
            } catch (IOException gone) {
                assertThat(gone).isNotNull();
            }
        }
    }

    private static void raw(RealProxy proxy, int echo, int mortal) throws Exception {
        String[] beginnings = {
            "",
            "CONNECT 127.0",
            "CONNECT " + authority(echo) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "CONNECT " + authority(echo) + " HTTP/1.1\r\nHost: a\r\n\r\nmuch more than a head",
            "CONNECT " + authority(mortal) + " HTTP/1.1\r\nHost: a\r\n\r\nhello",
            "CONNECT silent.example:1 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            "GET " + udpPath(mortal)
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: connect-udp\r\n\r\n\0\7\0hal",
        };
        for (String beginning : beginnings) {
            for (int death = 0; death < 4; death++) {
                RawTls client = proxy.http1().send(beginning);
                switch (death) {
                    case 0 -> client.kill();
                    case 1 -> client.cut();
                    case 2 -> client.close();
                    default -> {
                        client.socket.shutdownOutput();
                        client.close();
                    }
                }
            }
        }
        for (int i = 0; i < 10; i++) {
            try (Socket socket = new Socket(RealProxy.LOOPBACK, proxy.server.port())) {
                socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            }
        }
    }

    private static void http2(RealProxy proxy, int echo, int udp, int mortal) throws Exception {
        for (int death = 0; death < 6; death++) {
            RawH2 client = proxy.http2();
            for (int i = 0; i < 10; i++) {
                client.connect(8 * i + 1, authority(echo)).data(8 * i + 1, false, new byte[5_000]);
                client.connect(8 * i + 3, authority(mortal)).data(8 * i + 3, i % 2 == 0, new byte[100]);
                client.connectUdp(8 * i + 5, udpPath(udp)).data(8 * i + 5, false, new byte[] {0, 2, 0, 1, 0, 9});
                client.connect(8 * i + 7, i % 2 == 0 ? "silent.example:1" : "10.0.0.1:1");
            }
            client.await(frame -> frame.type() == RawH2.HEADERS);
            switch (death) {
                case 0 -> client.tls.kill();
                case 1 -> client.tls.cut();
                case 2 -> client.close();
                case 3 -> {
                    for (int i = 1; i < 80; i += 2) {
                        client.reset(i, 8);
                    }
                    client.close();
                }
                case 4 -> {
                    client.send(RawH2.HEADERS, RawH2.END_HEADERS, 101, new byte[] {(byte) 0xff, -1, -1, -1, -1, -1});
                    client.await(RawH2.GOAWAY);
                    client.close();
                }
                default -> {
                    client.data(5, false, new byte[] {0, (byte) 0x80, 1, 0, 0, 0});
                    client.data(1, true, new byte[0]);
                    client.send(RawH2.GOAWAY, 0, 0, new byte[8]);
                    client.close();
                }
            }
        }
    }
}
