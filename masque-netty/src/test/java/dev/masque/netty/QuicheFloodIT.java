package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.LossyPath;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server on quiche bears from the network: floods, garbage, and peers that do not read or fall silent. */
@Timeout(120)
class QuicheFloodIT {
    private static final RequestHead CONNECT = RequestHead.connect("example.com:443", HeaderFields.empty());
    private static final int ADDRESSES = 8;
    private static final int AMPLIFICATION = 3; // RFC 9000, 8.1
    private static final int FLOOD = 2_000;
    /** Handshakes that came in the place of others that had failed. */
    private static final long FEW = 16;

    private static final int GARBAGE = 5_000;

    /** What waits for one stream, here and in quiche; generous. */
    private static final long HELD_PER_STREAM = 2 << 20;

    private static final SessionLimits LIMITS =
            SessionLimits.defaults().withTimeouts(Duration.ofSeconds(3), Duration.ofMinutes(5));

    private final Transport transport = new QuicheTransportProvider().create();
    private final List<Talker> talkers = new ArrayList<>();
    private Listening listening;

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @BeforeEach
    void listen() throws Exception {
        listening = await(transport.listen(
                new ListenOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Set.of(HttpVersion.HTTP_3),
                        Loopback.PKI::identity,
                        LIMITS),
                stream -> {
                    Talker talker = new Talker(stream);
                    synchronized (talkers) {
                        talkers.add(talker);
                    }
                    return talker;
                }));
    }

    @AfterEach
    void othersAreServed() throws Exception {
        try (transport) {
            assertServed();
        }
    }

    @AfterAll
    static void nothingHasLeaked() throws Exception {
        assertThat(Leaks.found()).isEmpty();
    }

    private HttpSession connect(InetSocketAddress address) throws Exception {
        return connect(address, SessionLimits.defaults());
    }

    private HttpSession connect(InetSocketAddress address, SessionLimits limits) throws Exception {
        SessionHandler none = stream -> {
            throw new IllegalStateException();
        };
        return await(transport.connect(
                new ConnectOptions(
                        address,
                        "localhost",
                        List.of(HttpVersion.HTTP_3),
                        Loopback.PKI.trust(),
                        Duration.ofSeconds(15),
                        limits),
                none));
    }

    private void assertServed() throws Exception {
        HttpSession session = connect(listening.address());
        Events events = new Events();
        HttpStream tunnel = session.open(CONNECT, stream -> events);
        assertThat(events.response().status()).isEqualTo(200);
        tunnel.reset(ResetReason.CANCEL);
        session.close();
    }

    /** Says as much as its stream takes, if asked to. */
    private static final class Talker implements StreamHandler {
        final HttpStream stream;
        final AtomicLong said = new AtomicLong();
        final CompletableFuture<Boolean> closed = new CompletableFuture<>();

        Talker(HttpStream stream) {
            this.stream = stream;
            stream.respond(new ResponseHead(200, HeaderFields.empty()));
            stream.resume();
        }

        @Override
        public void data(ByteBuffer data) {
            writable();
        }

        @Override
        public void writable() {
            ByteBuffer some = ByteBuffer.allocate(16 << 10);
            boolean more;
            do {
                more = stream.write(some.clear());
                said.addAndGet(some.capacity());
            } while (more);
            stream.flush();
        }

        @Override
        public void end() {}

        @Override
        public void closed(@Nullable StreamFailure failure) {
            closed.complete(failure != null);
        }
    }

    /** Packets of a client of our own that gets no answer. */
    private Initials initials() throws Exception {
        try (DatagramSocket nobody = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            nobody.setSoTimeout(10_000);
            CompletableFuture<HttpSession> attempt = transport
                    .connect(
                            new ConnectOptions(
                                    (InetSocketAddress) nobody.getLocalSocketAddress(),
                                    "localhost",
                                    List.of(HttpVersion.HTTP_3),
                                    Loopback.PKI.trust(),
                                    Duration.ofSeconds(10),
                                    SessionLimits.defaults()),
                            stream -> {
                                throw new IllegalStateException();
                            })
                    .toCompletableFuture();
            DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
            nobody.receive(packet);
            attempt.cancel(false);
            return new Initials(Arrays.copyOf(packet.getData(), packet.getLength()));
        }
    }

    private List<Spoofer> spoofers() throws IOException {
        List<Spoofer> all = new ArrayList<>();
        for (int i = 0; i < ADDRESSES; i++) {
            all.add(new Spoofer(listening.address(), 10 + i));
        }
        return all;
    }

    private static void assertNotAmplified(List<Spoofer> spoofers) {
        for (Spoofer spoofer : spoofers) {
            assertThat(spoofer.received.get()).isLessThanOrEqualTo(AMPLIFICATION * spoofer.sent.get());
        }
    }

    private static long count(List<Spoofer> spoofers, ToLongFunction<Spoofer> what) {
        return spoofers.stream().mapToLong(what).sum();
    }

    /** Each makes every packet of the connection dearer. */
    @Test
    void aConnectionCarriesSoManyStreamsOnly() throws Exception {
        assertThat(LIMITS.maxStreams()).isGreaterThan(128);
        assertThat(connect(listening.address()).availableStreams()).isEqualTo(128);
    }

    @Test
    void aFloodOfFirstPacketsCostsSoManyHandshakesAndKeepsNobodyOut() throws Exception {
        Initials initials = initials();
        List<Spoofer> spoofers = spoofers();
        for (int i = 0; i < FLOOD; i++) {
            spoofers.get(i % ADDRESSES).send(initials.first(1_000 + i, Initials.SMALLEST));
            LockSupport.parkNanos(100_000);
        }
        assertServed(); // which needs a retry, as long as the handshakes are under way
        assertThat(count(spoofers, spoofer -> spoofer.connections.size())).isBetween(1L, QuicheRetry.MANY + FEW);
        assertThat(count(spoofers, spoofer -> spoofer.retries.get())).isPositive();
        assertNotAmplified(spoofers);
        assertTooSmallIsNotAnswered(initials, true);

        try (Spoofer late = new Spoofer(listening.address(), 99)) { // when the handshakes have timed out
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            byte[] answer;
            do {
                assertThat(System.nanoTime()).isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(100);
                late.send(initials.first(System.nanoTime(), Initials.SMALLEST));
                answer = late.next();
                assertThat(answer).isNotNull();
            } while (!Spoofer.isInitial(answer));
        }
        assertNotAmplified(spoofers);
        spoofers.forEach(Spoofer::close);
    }

    @Test
    void firstPacketsThatAreTooSmallAreNotAnswered() throws Exception {
        assertTooSmallIsNotAnswered(initials(), false);
    }

    /** RFC 9000, 14.1 and 5.2.2: else whoever spoofs an address would get more sent there than he sends. */
    private void assertTooSmallIsNotAnswered(Initials initials, boolean manyHandshakes) throws Exception {
        try (Spoofer spoofer = new Spoofer(listening.address(), 20)) {
            for (int i = 0; i < 50; i++) {
                spoofer.send(initials.first(100_000 + i, Initials.SMALLEST - 1));
                spoofer.send(initials.first(200_000 + i, 0));
                spoofer.send(version(initials.first(300_000 + i, 0), 0x1a2a3a4a));
                spoofer.send(version(new byte[20], 0x1a2a3a4a));
                spoofer.send(new byte[] {(byte) 0xc0, 0, 0});
            }
            spoofer.send(initials.first(1, Initials.SMALLEST));
            byte[] answer = spoofer.next(); // the first there is
            assertThat(answer).isNotNull();
            assertThat(manyHandshakes ? Spoofer.isRetry(answer) : Spoofer.isInitial(answer))
                    .isTrue();
            assertThat(spoofer.connections).hasSize(manyHandshakes ? 0 : 1);
            assertThat(spoofer.retries).hasValue(manyHandshakes ? 1 : 0);
        }
    }

    private static byte[] version(byte[] packet, int version) {
        packet[0] |= (byte) 0xc0;
        ByteBuffer.wrap(packet).putInt(1, version);
        return packet;
    }

    @Test
    void garbageIsNotAnsweredWithMoreAndBreaksNothing() throws Exception {
        Initials initials = initials();
        SplittableRandom random = new SplittableRandom(5);
        List<Spoofer> spoofers = spoofers();
        for (int i = 0; i < GARBAGE; i++) {
            spoofers.get(i % ADDRESSES).send(garbage(initials, random));
            LockSupport.parkNanos(50_000);
        }
        assertServed();
        assertNotAmplified(spoofers);
        spoofers.forEach(Spoofer::close);
    }

    private static byte[] garbage(Initials initials, SplittableRandom random) throws Exception {
        byte[] noise = new byte[random.nextInt(1_500)];
        random.nextBytes(noise);
        byte[] packet = initials.first(random.nextLong(), Initials.SMALLEST);
        switch (random.nextInt(5)) {
            case 0 -> {
                return noise;
            }
            case 1 -> { // cut short
                return Arrays.copyOf(packet, random.nextInt(packet.length));
            }
            case 2 -> packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
            case 3 -> packet[random.nextInt(40)] = (byte) random.nextInt(); // lengths, ids, versions
            default -> packet[0] = (byte) random.nextInt();
        }
        return packet;
    }

    private Events talk(HttpSession session) throws Exception {
        Events events = new Events();
        HttpStream tunnel = session.open(CONNECT, stream -> events); // and never resumes it
        assertThat(events.response().status()).isEqualTo(200);
        tunnel.write(Events.bytes("talk"));
        tunnel.flush();
        return events;
    }

    private Talker talker(int index) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            synchronized (talkers) {
                if (talkers.size() > index && talkers.get(index).said.get() > 0) {
                    return talkers.get(index);
                }
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void whoNeverReadsCostsSoMuchForEachStream() throws Exception {
        int streams = 50; // their windows fit into that of the session
        HttpSession session =
                connect(listening.address(), SessionLimits.defaults().withWindows(64 << 10, 8 << 20));
        for (int i = 0; i < streams; i++) {
            talk(session);
        }
        long enough = System.nanoTime() + TimeUnit.SECONDS.toNanos(3); // for what a reader takes now and then to add up
        while (System.nanoTime() < enough) {
            assertServed();
        }
        for (int i = 0; i < streams; i++) {
            assertThat(talker(i).said.get()).isLessThan(HELD_PER_STREAM);
            assertThat(talker(i).stream.isWritable()).isFalse();
        }
        session.close();
        for (int i = 0; i < streams; i++) {
            assertThat(await(talker(i).closed)).isTrue();
        }
    }

    @Test
    void whoFallsSilentIsHeldBackAndThenGivenUp() throws Exception {
        try (LossyPath path = new LossyPath(listening.address(), 1)) {
            HttpSession session = connect(path.address());
            talk(session);
            talker(0);
            path.forth().closed(true);
            assertServed();
            Talker talker = talker(0);
            assertThat(talker.said.get()).isLessThan(HELD_PER_STREAM);
            long idle = QuicheCodec.IDLE.toSeconds();
            assertThat(talker.closed.get(2 * idle, TimeUnit.SECONDS)).isTrue();
            assertThat(talker.said.get()).isLessThan(HELD_PER_STREAM);
        }
    }
}
