package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.impl.QuicClientConnectionImpl;
import tech.kwik.core.server.impl.ServerConnectorImpl;

/** The other side of {@link KwikDefectsIT}: what does not happen with our transport. */
@Timeout(120)
class ContainmentIT {
    private static final RequestHead TUNNEL = RequestHead.connect("target.example:443", HeaderFields.empty());
    private static final RequestHead UDP = RequestHead.connectUdp("localhost", "/masque", HeaderFields.empty());

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 4_000 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static void echoes(HttpSession session, long bytes) throws Exception {
        List<Bulk> bulk = new ArrayList<>();
        session.open(TUNNEL, stream -> {
            bulk.add(new Bulk(stream, bytes, 1));
            return bulk.get(0);
        });
        bulk.get(0).start();
        assertThat(bulk.get(0).closed.get(60, TimeUnit.SECONDS)).isNull();
        assertThat(bulk.get(0).isWhole()).isTrue();
    }

    @Test
    void acknowledgementsThatComeTooEarlyAreNoLoss() throws Exception {
        try (RawServer server = new RawServer()) {
            PacketWatch watch = new PacketWatch();
            QuicClientConnectionImpl client = (QuicClientConnectionImpl) QuicClientConnection.newBuilder()
                    .applicationProtocol("h3")
                    .host("localhost")
                    .port(server.address.getPort())
                    .proxy(server.address.getAddress().getHostAddress())
                    .connectTimeout(Duration.ofSeconds(10))
                    .customTrustManager(Loopback.PKI.trust())
                    .socketFactory(to -> {
                        try {
                            return new KwikDefectsIT.LingeringSocket();
                        } catch (java.io.IOException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .logger(watch)
                    .build();
            CongestionRepair.install(client, watch);
            client.connect();
            KwikDefectsIT.ping(client, 300);
            assertThat(client.getStats().lostPackets()).isZero();
            assertThat(client.getStats().smoothedRtt()).isPositive();
            client.close();
        }
    }

    @Test
    void cancelledStreamsGiveTheirCreditBack() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer())) {
            HttpSession session = loopback.connect();
            for (int i = 0; i < 300; i++) {
                RecordingStream events = new RecordingStream(); // paused: what comes back is not read
                HttpStream stream = session.open(TUNNEL, s -> events);
                stream.write(ByteBuffer.allocate(200_000));
                stream.flush();
                if (i % 3 != 0) {
                    events.response.get(10, TimeUnit.SECONDS);
                }
                stream.reset(ResetReason.CANCEL);
                assertThat(events.closed.get(10, TimeUnit.SECONDS)).isNotNull();
            }
            echoes(session, 20L << 20);
            await(() -> KwikDefectsIT.FlowControls.remembered(((H3Session) session).connection()) < 20);
        }
    }

    @Test
    void aResetLeavesWholeWhatIsBeingSent() throws Exception {
        assertThat(KwikDefectsIT.survivesResets(() -> new UnsentBytes(1 << 20))).isTrue();
    }

    @Test
    void streamsThatEndWithUnsentBytesAreForgotten() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (Loopback loopback = new Loopback(new EchoServer())) {
                HttpSession session = loopback.connect();
                List<HttpStream> streams = new ArrayList<>();
                for (int k = 0; k < 6; k++) {
                    RecordingStream events = new RecordingStream(); // paused: what comes back is not read
                    HttpStream stream = session.open(TUNNEL, s -> events);
                    stream.write(ByteBuffer.allocate(10_000_000));
                    stream.flush();
                    events.response.get(10, TimeUnit.SECONDS);
                    streams.add(stream);
                }
                assertThat(StallGuard.shared().size()).isPositive();
                streams.subList(0, 3).forEach(stream -> stream.reset(ResetReason.CANCEL));
            }
        }
        await(() -> StallGuard.shared().size() == 0);
    }

    @Test
    void aFloodOfDatagramsTakesBoundedMemory() throws Exception {
        SinkServer server = new SinkServer();
        try (Loopback loopback = new Loopback(server)) {
            RecordingStream events = new RecordingStream();
            HttpSession session = loopback.connect();
            HttpStream tunnel = session.open(UDP, s -> events);
            events.response.get(10, TimeUnit.SECONDS);
            ByteBuffer payload = ByteBuffer.allocate(1_201);
            for (int i = 0; i < 1_000_000; i++) {
                assertThat(tunnel.sendDatagram(payload)).isTrue();
            }
            await(() -> server.received.get() > 1_000);
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            assertThat(used).isLessThan(400L << 20); // a gigabyte was sent
            RecordingStream more = new RecordingStream();
            session.open(TUNNEL, s -> more);
            assertThat(more.response.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    @Test
    void thereIsNoEarlyData() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer());
                RawClient raw = new RawClient(loopback.listening.address())) {
            raw.control(Wire.SETTINGS);
            RawPeer.read(raw.end(raw.request(Wire.get("/"))), 1); // tickets would have come with the handshake
            assertThat(((QuicClientConnectionImpl) raw.quic).getNewSessionTickets())
                    .isEmpty();
        }
        try (RawServer stock = new RawServer(false)) {
            assertThat(givesTickets(stock)).isTrue(); // as kwik does
        }
    }

    /** Whether a session ticket comes: kwik does not repeat one that came before the client had its keys, so several tries. */
    private static boolean givesTickets(RawServer server) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawClient raw = new RawClient(server.address)) {
                List<?> tickets = ((QuicClientConnectionImpl) raw.quic).getNewSessionTickets();
                for (int wait = 0; wait < 200 && tickets.isEmpty(); wait++) {
                    TimeUnit.MILLISECONDS.sleep(5);
                    tickets = ((QuicClientConnectionImpl) raw.quic).getNewSessionTickets();
                }
                if (!tickets.isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void anErrorOnTheSocketIsSurvived() throws Exception {
        try (SafeDatagramSocket socket =
                        new SafeDatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                DatagramSocket sender = new DatagramSocket()) {
            socket.setSoTimeout(5); // an IOException every 5 ms
            byte[] bytes = {1, 2, 3};
            Thread later = new Thread(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(200);
                    sender.send(new DatagramPacket(bytes, 3, socket.getLocalSocketAddress()));
                } catch (java.io.IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            later.start();
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            assertThat(packet.getLength()).isEqualTo(3);
            later.join();
        }
    }

    @Test
    void aSocketThatIsClosedUnderARunningServerDoesNotEndTheProcess() throws Exception {
        SafeDatagramSocket socket = new SafeDatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ServerConnectorImpl connector = RawServer.connector(socket);
        connector.start();
        socket.close();
        TimeUnit.MILLISECONDS.sleep(200); // System.exit would have been called by now
        Kwik.close(connector, Duration.ofMillis(100));
    }

    @Test
    void aClientThatDoesNotKeepUpDropsPackets() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                ClientSocket client = new ClientSocket(server.getLocalSocketAddress())) {
            Queue<Integer> unprocessed = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < ReceiveBound.PACKETS; i++) {
                unprocessed.add(i);
            }
            client.bound(unprocessed);
            CompletableFuture<Integer> received = CompletableFuture.supplyAsync(() -> {
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                try {
                    client.receive(packet);
                } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                }
                return packet.getLength();
            });
            server.send(new DatagramPacket(new byte[3], 3, client.getLocalSocketAddress()));
            await(() -> client.dropped() == 1);
            unprocessed.clear();
            server.send(new DatagramPacket(new byte[7], 7, client.getLocalSocketAddress()));
            assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(7);
        }
    }

    @Test
    void closingIsQuickAndLeavesNoThread() throws Exception {
        echoOnce(new Loopback(new EchoServer())); // what starts once for all is there
        Set<String> before = threads();
        for (int round = 0; round < 3; round++) {
            Loopback loopback = new Loopback(new EchoServer());
            HttpSession session = loopback.connect();
            for (int i = 0; i < 20; i++) {
                RecordingStream events = new RecordingStream();
                HttpStream stream = session.open(i % 2 == 0 ? TUNNEL : UDP, s -> events);
                stream.write(ByteBuffer.allocate(50_000));
                stream.flush();
                events.response.get(10, TimeUnit.SECONDS);
            }
            junk(loopback, 5);
            long start = System.nanoTime();
            loopback.clientTransport.close();
            loopback.serverTransport.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4)); // two of them
        }
        await(() -> before.containsAll(threads()));
    }

    @Test
    void closingDoesNotWaitForAPeerThatIsGone() throws Exception {
        Loopback loopback = new Loopback(new EchoServer());
        try (RawClient raw = new RawClient(loopback.listening.address())) {
            raw.control(Wire.SETTINGS);
            raw.request(Wire.connect());
            HttpSession session = loopback.connect();
            RecordingStream events = new RecordingStream();
            session.open(TUNNEL, s -> events);
            events.response.get(10, TimeUnit.SECONDS);
            Kwik.drop(((H3Session) session).connection()); // without a word
            long start = System.nanoTime();
            loopback.serverTransport.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
        loopback.close();
    }

    private static void echoOnce(Loopback loopback) throws Exception {
        try (loopback) {
            echoes(loopback.connect(), 100_000);
        }
    }

    /** Names without numbers and ids. */
    private static Set<String> threads() {
        Thread[] all = new Thread[Thread.activeCount() + 200];
        int count = Thread.enumerate(all);
        return Arrays.stream(all, 0, count)
                .map(thread -> thread.getName() + "#" + thread.getId())
                .filter(name -> !name.startsWith("junit"))
                .collect(Collectors.toSet());
    }

    private static void junk(Loopback loopback, int count) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < count; i++) {
                socket.send(new DatagramPacket(Junk.first(i), Junk.LENGTH, loopback.listening.address()));
            }
        }
    }

    @Test
    void aFloodOfFirstPacketsLeavesRoomForAClient() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer())) {
            HttpSession standing = loopback.connect();
            junk(loopback, 60_000);
            HttpSession session = loopback.connect();
            echoes(session, 1 << 20);
            echoes(standing, 1 << 20);
            ServerConnectorImpl connector = ((KwikListening) loopback.listening).connector();
            await(() -> {
                try {
                    junk(loopback, 1); // it looks when something comes
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return Junk.connections(connector) <= ReceiveBound.UNFINISHED + 20;
            });
        }
    }
}
