package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.LossyPath;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tech.kwik.core.QuicStream;
import tech.kwik.core.cc.CongestionControlEventListener;
import tech.kwik.core.cc.NewRenoCongestionController;
import tech.kwik.core.common.EncryptionLevel;
import tech.kwik.core.frame.DatagramFrame;
import tech.kwik.core.frame.QuicFrame;
import tech.kwik.core.impl.QuicClientConnectionImpl;
import tech.kwik.core.impl.QuicConnectionImpl;
import tech.kwik.core.impl.Version;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.packet.PacketInfo;
import tech.kwik.core.packet.QuicPacket;
import tech.kwik.core.packet.ShortHeaderPacket;
import tech.kwik.core.recovery.RttEstimator;
import tech.kwik.core.send.SendRequestQueue;
import tech.kwik.core.server.impl.ServerConnectorImpl;
import tech.kwik.core.stream.SendBuffer;

/**
 * Shows that kwik, as it is, still has the defects that classes of this module contain. A test that fails here with a newer kwik
 * is good news: the class that it names may not be needed any more.
 */
@Timeout(120)
class KwikDefectsIT {
    /** See {@link SlowSocket}. */
    private static final LossyPath.Weather SLOW = new LossyPath.Weather(0, 0, 0, Duration.ofMillis(2));

    /** So many that a frame of them takes a while. */
    private static final int PIECES = 50_000;

    private RawServer server;

    @BeforeEach
    void listen() throws Exception {
        server = new RawServer(false);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private QuicClientConnectionImpl connect(DatagramSocket socket) throws Exception {
        QuicClientConnectionImpl client = (QuicClientConnectionImpl) QuicClientConnectionImpl.newBuilder()
                .applicationProtocol(HttpVersion.HTTP_3.alpn())
                .host("localhost")
                .port(server.address.getPort())
                .proxy(server.address.getAddress().getHostAddress())
                .connectTimeout(Duration.ofSeconds(10))
                .maxIdleTimeout(Duration.ofSeconds(30))
                .customTrustManager(Loopback.PKI.trust())
                .enableDatagramExtension()
                .socketFactory(to -> socket)
                .logger(new NullLogger())
                .build();
        client.connect();
        return client;
    }

    /** {@link StallGuard}. */
    @Test
    void aWriteCanBeLeftUnsent() throws Exception {
        boolean stalled = false;
        for (int i = 0; i < 200 && !stalled; i++) {
            QuicClientConnectionImpl client = connect(new SlowSocket());
            QuicStream stream = client.createStream(true);
            OutputStream out = stream.getOutputStream();
            Thread reader = drain(server.accept());
            out.write(new byte[17_000]);
            SendBuffer unsent = (SendBuffer)
                    Kwik.get(Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "sendBuffer"), out);
            AtomicInteger requests = (AtomicInteger)
                    Kwik.get(Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "sendRequestsQueued"), out);
            for (int wait = 0; wait < 1_000 && unsent.hasData() && !stalled; wait++) {
                TimeUnit.MILLISECONDS.sleep(1);
                stalled = wait > 300 && unsent.hasData() && requests.get() <= 0;
            }
            client.close();
            reader.join(5_000);
        }
        assertThat(stalled).isTrue();
    }

    private static Thread drain(RawPeer peer) {
        Thread reader = new Thread(() -> {
            try {
                QuicStream stream = peer.accepted.poll(10, TimeUnit.SECONDS);
                if (stream != null) {
                    stream.getInputStream().readAllBytes();
                }
            } catch (IOException | InterruptedException e) {
                // the client is gone
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** {@link DatagramQueue}. */
    @Test
    void datagramsOvertakeEachOtherAndWaitWithoutBound() {
        SendRequestQueue queue = new SendRequestQueue(EncryptionLevel.App);
        int many = 100_000;
        for (int i = 0; i < many; i++) {
            queue.addPriorityRequest(new DatagramFrame(new byte[] {(byte) (i == many - 1 ? 1 : 0)}), lost -> {});
        }
        QuicFrame first = queue.next(1_000).orElseThrow().getFrame(1_000);
        assertThat(((DatagramFrame) first).getData()).containsExactly(1);
        int left = 0;
        while (queue.next(1_000).isPresent()) {
            left++;
        }
        assertThat(left).isEqualTo(many - 1);
    }

    /** {@link CongestionRepair}. */
    @Test
    void theCongestionWindowDoesNotGrowOnWholeDatagrams() {
        NewRenoCongestionController controller = new NewRenoCongestionController(new NullLogger(), quiet());
        long before = controller.getWindowSize();
        List<Sent> packets = new ArrayList<>();
        for (long number = 0; controller.remainingCwnd() >= 1_230; number++) {
            Sent packet = new Sent(number);
            packets.add(packet);
            controller.registerInFlight(packet);
        }
        controller.registerAcked(packets.stream().map(Note::new).toList());
        assertThat(controller.getWindowSize()).isEqualTo(before);
    }

    /** {@link CongestionRepair}. */
    @Test
    void theSmallestCongestionWindowHoldsLessThanTwoPackets() {
        NewRenoCongestionController controller = new NewRenoCongestionController(new NullLogger(), quiet());
        assertThat((int) Kwik.get(Kwik.field(NewRenoCongestionController.class, "kMinimumWindow"), controller))
                .isLessThan(2 * 1_232);
    }

    private static CongestionControlEventListener quiet() {
        return new CongestionControlEventListener() {
            @Override
            public void bytesInFlightIncreased(long bytesInFlight) {}

            @Override
            public void bytesInFlightDecreased(long bytesInFlight) {}
        };
    }

    /** A packet and when it was sent. */
    private static final class Note extends PacketInfo {
        Note(QuicPacket packet) {
            super(Instant.now(), packet, lost -> {});
        }
    }

    /** A packet with a datagram. */
    private static final class Sent extends ShortHeaderPacket {
        Sent(long number) {
            super(Version.getDefault(), new byte[8], new DatagramFrame(new byte[1_180]));
            setPacketNumber(number);
            packetSize = 1_230;
        }
    }

    /** {@link MaxDatagramSize}. */
    @Test
    void theLargestDatagramThatItAllowsNeverArrives() throws Exception {
        QuicClientConnectionImpl client = connect(new SlowSocket());
        RawPeer peer = server.accept();
        int claimed = client.maxDatagramDataSize();
        int ours = MaxDatagramSize.of(client);
        assertThat(ours).isLessThan(claimed);
        client.sendDatagram(new byte[ours]);
        assertThat(peer.datagrams.poll(10, TimeUnit.SECONDS)).hasSize(ours);
        client.sendDatagram(new byte[claimed]);
        byte[] later = peer.datagrams.poll(2, TimeUnit.SECONDS);
        while (later != null && later.length == ours) { // the first once more, which happens too
            later = peer.datagrams.poll(2, TimeUnit.SECONDS);
        }
        assertThat(later).isNull();
        client.close();
    }

    /** {@link Coalesced}. */
    @Test
    void whatFollowsAPacketWithoutKeysIsDropped() throws Exception {
        boolean dropped = false;
        for (int attempt = 0; attempt < 10 && !dropped; attempt++) { // other defects may end a connection before
            try (LossyPath path = new LossyPath(server.address, 1)) {
                path.weather(SLOW);
                dropped = dropsWhatFollows(path);
            }
        }
        assertThat(dropped).isTrue();
    }

    private boolean dropsWhatFollows(LossyPath path) throws Exception {
        try (RawClient client = new RawClient(path.address())) {
            RawPeer peer = server.accept();
            client.uni(new byte[1]);
            if (peer.accepted.poll(3, TimeUnit.SECONDS) == null) {
                return false;
            }
            path.forth().change(Junk.afterHandshake(8));
            client.uni(new byte[1]);
            boolean missing = peer.accepted.poll(2, TimeUnit.SECONDS) == null;
            path.forth().change(UnaryOperator.identity());
            return missing && peer.accepted.poll(5, TimeUnit.SECONDS) != null; // sent again, without the junk
        }
    }

    /** {@link AckTiming}. */
    @Test
    void anAcknowledgementThatComesTooEarlyMakesALoss() throws Exception {
        QuicClientConnectionImpl client = connect(new LingeringSocket());
        server.accept();
        ping(client, 300);
        assertThat(client.getStats().lostPackets()).isPositive();
        client.close();
    }

    static void ping(QuicClientConnectionImpl client, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            Kwik.ping(client);
            LockSupport.parkNanos(1_000_000);
        }
        TimeUnit.MILLISECONDS.sleep(500);
    }

    /** Makes round trips of more than a millisecond: with less, an assertion in kwik ends connections now and then. */
    static class SlowSocket extends DatagramSocket {
        SlowSocket() throws IOException {}

        @Override
        public void send(DatagramPacket packet) throws IOException {
            LockSupport.parkNanos(1_100_000);
            super.send(packet);
        }
    }

    /** A socket on which sending takes longer than the round trip. */
    static final class LingeringSocket extends SlowSocket {
        LingeringSocket() throws IOException {}

        @Override
        public void send(DatagramPacket packet) throws IOException {
            super.send(packet);
            LockSupport.parkNanos(1_500_000);
        }
    }

    /** {@link AckTiming}. */
    @Test
    void aRoundTripOfNothingIsPossible() {
        RttEstimator estimator = new RttEstimator(new NullLogger());
        Instant now = Instant.now();
        estimator.addSample(now.plusNanos(900_000), now, 0);
        assertThat(estimator.getSmoothedRtt()).isZero(); // a loss delay of 9/8 of it
    }

    /** {@link Kwik#stopSending} and {@link StreamReader#discard}. */
    @Test
    void anAbortedReadKeepsTheCreditOfTheConnection() throws Exception {
        QuicClientConnectionImpl client = connect(new SlowSocket());
        RawPeer peer = server.accept();
        long sent = 0;
        boolean stuck = false;
        for (int i = 0; i < 60 && !stuck; i++) {
            if (!client.isConnected()) {
                stuck = true; // that happens too
                break;
            }
            QuicStream stream = client.createStream(true);
            StallGuard.Watch guard = StallGuard.shared().watch(client, stream);
            CompletableFuture<Boolean> written = new CompletableFuture<>();
            Thread writer = new Thread(() -> {
                try {
                    for (int piece = 0; piece < 10; piece++) {
                        guard.touch();
                        stream.getOutputStream().write(new byte[10_000]);
                    }
                    written.complete(true);
                } catch (IOException e) {
                    written.complete(true); // reset, as it should
                }
            });
            writer.setDaemon(true);
            writer.start();
            QuicStream seen = peer.accepted.poll(5, TimeUnit.SECONDS);
            if (seen == null) {
                stuck = true; // not even its first byte can be sent
                break;
            }
            assertThat(seen.getInputStream().read()).isZero();
            TimeUnit.MILLISECONDS.sleep(50);
            seen.abortReading(1);
            stuck = !written.completeOnTimeout(false, 3, TimeUnit.SECONDS).join();
            sent += 100_000;
        }
        assertThat(stuck).as("after %s bytes", sent).isTrue();
        client.close();
    }

    /** {@link SafeDatagramSocket}. */
    @Test
    void anErrorOnTheSocketOfAServerEndsTheProcess() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(), "-cp", System.getProperty("java.class.path"), FailingServer.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(9);
        } finally {
            process.destroyForcibly();
        }
    }

    /** {@link Kwik#close} and {@link ReceiveBound}. */
    @Test
    void anyDatagramMakesAConnectionAndAServerWaitsForItWhenItCloses() throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(Junk.first(1), Junk.LENGTH, server.address));
        }
        await(() -> Junk.connections(server.connector()) > 0);
        Thread closing = new Thread(() -> server.connector().close());
        closing.start();
        closing.join(2_000);
        assertThat(closing.isAlive()).isTrue();
        closing.interrupt();
        closing.join(5_000);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** {@link ReceiveBound}. */
    @Test
    void whatIsReceivedWaitsWithoutBound() {
        Object received = Kwik.get(
                Kwik.field(tech.kwik.core.receive.Receiver.class, "receivedPacketsQueue"),
                Kwik.get(Kwik.field(ServerConnectorImpl.class, "receiver"), server.connector()));
        assertThat(((java.util.concurrent.BlockingQueue<?>) received).remainingCapacity())
                .isEqualTo(Integer.MAX_VALUE);
    }

    /** {@link Kwik#forgetFlowControl}. */
    @Test
    void aStreamThatWasResetIsRemembered() throws Exception {
        QuicClientConnectionImpl client = connect(new SlowSocket());
        server.accept();
        for (int i = 0; i < 50; i++) {
            client.createStream(true).resetStream(1);
        }
        assertThat(FlowControls.remembered(client)).isGreaterThanOrEqualTo(50);
        client.close();
    }

    /** {@link UnsentBytes}: what is sent is emptied by a reset, and a sender that fails takes the connection with it. */
    @Test
    void aResetEmptiesWhatIsBeingSent() throws Exception {
        assertThat(survivesResets(() -> new SendBuffer(1 << 20))).isFalse();
    }

    /** Whether a frame is made, again and again, while another thread clears what it is made of. */
    static boolean survivesResets(Supplier<SendBuffer> buffers) throws Exception {
        for (int i = 0; i < 200; i++) {
            SendBuffer buffer = buffers.get();
            for (int piece = 0; piece < PIECES; piece++) {
                buffer.write(new byte[1], 0, 1);
            }
            CompletableFuture<Void> reset = CompletableFuture.runAsync(buffer::clear);
            try {
                buffer.getStreamFrame(Version.getDefault(), 0, 0, PIECES);
            } catch (RuntimeException e) {
                return false;
            }
            reset.get(10, TimeUnit.SECONDS);
        }
        return true;
    }

    /** {@link Farewell}: what waits is thrown away. */
    @Test
    void closingThrowsAwayWhatWaits() throws Exception {
        QuicClientConnectionImpl client = connect(new SlowSocket());
        SendRequestQueue queue = new SendRequestQueue(EncryptionLevel.App);
        queue.addRequest(new DatagramFrame(new byte[1]), lost -> {});
        queue.clear();
        assertThat(queue.next(1_000)).isEmpty();
        client.close();
    }

    /** {@link ServerTls}. */
    @Test
    void aServerAcceptsEarlyDataForAnyRequest() throws Exception {
        QuicClientConnectionImpl client = connect(new SlowSocket());
        RawPeer peer = server.accept();
        assertThat((boolean) Kwik.get(
                        Kwik.field("tech.kwik.core.server.impl.ServerConnectionImpl", "acceptEarlyData"), peer.quic))
                .isTrue();
        client.close();
    }

    /** {@link StreamReader#nudge} and {@link Leftovers}. */
    @Test
    void aReadHasNoTimeout() throws Exception {
        QuicClientConnectionImpl client = connect(new SlowSocket());
        server.accept();
        QuicStream stream = client.createStream(true);
        Thread reader = new Thread(() -> {
            try {
                stream.getInputStream().read();
            } catch (IOException e) {
                // the connection is closed
            }
        });
        reader.start();
        reader.join(300);
        reader.interrupt();
        reader.join(1_000);
        assertThat(reader.isAlive()).isTrue();
        client.close();
        reader.join(5_000);
        reader.interrupt();
        reader.join(5_000);
        assertThat(reader.isAlive()).isFalse();
    }

    /** A server of plain kwik whose socket fails. */
    static final class FailingServer {
        private FailingServer() {}

        public static void main(String[] arguments) throws Exception {
            DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)) {
                @Override
                public void receive(DatagramPacket packet) throws IOException {
                    throw new IOException("on purpose");
                }
            };
            RawServer.connector(socket).start();
            TimeUnit.SECONDS.sleep(30);
        }
    }

    /** What flow control remembers. */
    static final class FlowControls {
        private FlowControls() {}

        static int remembered(tech.kwik.core.QuicConnection connection) {
            Object flow = Kwik.get(Kwik.field(QuicConnectionImpl.class, "flowController"), connection);
            return ((java.util.Map<?, ?>)
                            Kwik.get(Kwik.field("tech.kwik.core.stream.FlowControl", "maxStreamDataAllowed"), flow))
                    .size();
        }
    }
}
