package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.Bytes;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.memory.MemoryTransportProvider;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.access.AccessPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server with the sockets and the resolver that it finds by itself; only the client's side is not real. */
@Timeout(60)
class RealTargetsIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress PROXY = new InetSocketAddress(LOOPBACK, 1);

    private final MemoryTransportProvider memory = new MemoryTransportProvider();
    private MasqueServer server = started(memory, ServerLimits.defaults());
    private ProxyClient session = ProxyClient.connect(memory, PROXY);
    private ServerSocket target = listening();

    private static TlsIdentity none() {
        throw new AssertionError("not asked for");
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 16, LOOPBACK);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static MasqueServer started(MemoryTransportProvider memory, ServerLimits limits) {
        try {
            return MasqueServer.builder()
                    .listen(PROXY)
                    .identity(RealTargetsIT::none)
                    .openToEveryone()
                    .alsoKnownAs("proxy.example")
                    .transports(memory)
                    .limits(limits)
                    .accessPolicy(AccessPolicy.builder()
                            .allow("127.0.0.0/8")
                            .allow("::1")
                            .build())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void patience() throws IOException {
        target.setSoTimeout(20_000);
    }

    @AfterEach
    void stop() throws IOException {
        target.close();
        session.close();
        server.close();
        assertThat(server.tunnels()).isZero();
    }

    private ClientStream connect(int port) {
        return session.request(RequestHead.connect("127.0.0.1:" + port, HeaderFields.empty()));
    }

    private ClientStream connectUdp(int port) {
        String path = UdpTemplate.DEFAULT.expand(Target.of("127.0.0.1", port));
        return session.request(RequestHead.connectUdp("proxy.example", path, HeaderFields.empty()));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static ClientStream answered(ClientStream client) {
        await(client::isAnswered);
        return client;
    }

    @Test
    void bytesReachARealSocketAndComeBack() throws IOException {
        ClientStream client = connect(target.getLocalPort());
        try (Socket socket = target.accept()) {
            assertThat(answered(client).status()).isEqualTo(200);
            client.send("hello");
            assertThat(socket.getInputStream().readNBytes(5)).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write("world".getBytes(StandardCharsets.UTF_8));
            await(() -> client.text().equals("world"));
            client.end();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            socket.getOutputStream().write('!');
            socket.shutdownOutput();
            await(() -> client.isEnded());
            assertThat(client.text()).isEqualTo("world!");
        }
    }

    @Test
    void aRealResetIsAConnectError() throws IOException {
        ClientStream client = connect(target.getLocalPort());
        try (Socket socket = target.accept()) {
            answered(client);
            socket.setSoLinger(true, 0);
        }
        await(() -> client.failure() == ResetReason.CONNECT_ERROR);
    }

    @Test
    void aResetOfTheClientIsARealReset() throws IOException {
        ClientStream client = connect(target.getLocalPort());
        try (Socket socket = target.accept()) {
            answered(client);
            client.reset(ResetReason.CANCEL);
            InputStream in = socket.getInputStream();
            assertThat(CompletableFuture.supplyAsync(() -> {
                        try {
                            return in.read() < 0 ? "end" : "byte";
                        } catch (IOException e) {
                            return "reset";
                        }
                    }))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo("reset");
        }
    }

    @Test
    void aClosedPortIsRefused() throws IOException {
        int port = target.getLocalPort();
        target.close();
        ClientStream client = answered(connect(port));
        assertThat(client.status()).isEqualTo(502);
        assertThat(client.error()).isEqualTo(ProxyErrorType.CONNECTION_REFUSED);
    }

    @Test
    void localhostResolvesAndFallsBackFromIpv6ToIpv4() throws IOException {
        ClientStream client =
                session.request(RequestHead.connect("localhost:" + target.getLocalPort(), HeaderFields.empty()));
        try (Socket socket = target.accept()) {
            assertThat(answered(client).status()).isEqualTo(200);
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void datagramsReachARealSocketAndComeBack() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
            socket.setSoTimeout(20_000);
            ClientStream client = answered(connectUdp(socket.getLocalPort()));
            assertThat(client.status()).isEqualTo(200);
            client.sendDatagram(0, 1, 2, 3);
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            assertThat(packet.getLength()).isEqualTo(3);
            socket.send(new DatagramPacket(new byte[] {9}, 1, packet.getSocketAddress()));
            await(() -> !client.datagrams().isEmpty());
            assertThat(client.datagrams()).containsExactly(Bytes.copyOf(new byte[] {0, 9}));
        }
    }

    @Test
    void onlyTheTargetCanAnswer() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
                DatagramSocket stranger = new DatagramSocket(0, LOOPBACK)) {
            socket.setSoTimeout(20_000);
            ClientStream client = answered(connectUdp(socket.getLocalPort()));
            client.sendDatagram(0, 1);
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            try {
                stranger.send(new DatagramPacket(new byte[] {6, 6, 6}, 3, packet.getSocketAddress()));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("refused"); // the kernel may say so at once
            }
            socket.send(new DatagramPacket(new byte[] {9}, 1, packet.getSocketAddress()));
            await(() -> !client.datagrams().isEmpty());
            assertThat(client.datagrams()).containsExactly(Bytes.copyOf(new byte[] {0, 9}));
        }
    }

    @Test
    void anIcmpErrorClosesAUdpTunnel() {
        int port;
        try (DatagramSocket closed = new DatagramSocket(0, LOOPBACK)) {
            port = closed.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ClientStream client = answered(connectUdp(port));
        client.sendDatagram(0, 1);
        await(() -> client.failure() == ResetReason.CONNECT_ERROR);
        await(() -> server.tunnels() == 0);
    }

    /** Whether what was sent leaves in a moment, so that nobody holds it back. */
    private static boolean isWritableSoon(ClientStream client) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
        while (!client.isWritable() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return client.isWritable();
    }

    @Test
    void aTargetThatDoesNotReadStopsTheClientWithinBounds() throws IOException {
        ClientStream client = connect(target.getLocalPort());
        try (Socket socket = target.accept()) {
            answered(client);
            int sent = client.sendUntilStopped();
            while (isWritableSoon(client)) {
                sent += client.sendUntilStopped();
                assertThat(sent).isLessThan(64 << 20);
            }
            byte[] received = socket.getInputStream().readNBytes(sent);
            assertThat(received).hasSize(sent);
            await(client::isWritable);
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheTargetWithinBounds() throws Exception {
        ClientStream client =
                session.requestUnread(RequestHead.connect("127.0.0.1:" + target.getLocalPort(), HeaderFields.empty()));
        try (Socket socket = target.accept()) {
            answered(client);
            AtomicInteger written = new AtomicInteger();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(socket, 64 << 20, written));
            int before = -1;
            while (before <= 0 || before != written.get()) {
                before = written.get();
                TimeUnit.MILLISECONDS.sleep(300);
            }
            assertThat(before).isBetween(1, 32 << 20); // windows, and what the system buffers
            client.resume();
            await(client::isEnded);
            writing.get(20, TimeUnit.SECONDS);
            assertThat(client.received()).isEqualTo(64 << 20);
        }
    }

    private static void write(Socket socket, int total, AtomicInteger written) {
        try {
            byte[] chunk = new byte[64 << 10];
            while (written.get() < total) {
                socket.getOutputStream().write(chunk);
                written.addAndGet(chunk.length);
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void idleTunnelsEndByTheRealClock() throws IOException {
        server.close();
        session.close();
        Duration soon = Duration.ofMillis(200);
        server = started(memory, ServerLimits.defaults().withIdleTimeouts(soon, soon, soon));
        session = ProxyClient.connect(memory, PROXY);
        ClientStream client = connect(target.getLocalPort());
        try (Socket socket = target.accept()) {
            assertThat(socket.isConnected()).isTrue();
            answered(client);
            await(() -> client.failure() != null);
        }
        await(() -> server.tunnels() == 0);
    }

    @Test
    void closingTheServerClosesItsSocketsAndThreads() throws Exception {
        ClientStream client = connect(target.getLocalPort());
        try (Socket socket = target.accept()) {
            answered(client);
            server.close();
            socket.setSoTimeout(20_000);
            assertThat(CompletableFuture.supplyAsync(() -> {
                        try {
                            return socket.getInputStream().read() < 0;
                        } catch (IOException e) {
                            return true;
                        }
                    }))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(true);
        }
    }
}
