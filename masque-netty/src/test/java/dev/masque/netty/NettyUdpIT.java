package dev.masque.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** UDP towards plain JDK sockets. */
@ParameterizedClass(name = "{0}")
@EnumSource(SocketKind.class)
@Timeout(60)
class NettyUdpIT {
    private static final DialOptions PLAIN = new DialOptions(null, Duration.ofSeconds(5), null);

    private final SocketKind kind;
    private NettyNetwork network;
    private DatagramSocket target;

    @SuppressWarnings("NullAway.Init") // open()
    NettyUdpIT(SocketKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws IOException {
        network = new NettyNetwork(Groups.of(kind));
        target = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        target.setSoTimeout(10_000);
    }

    @AfterEach
    void close() {
        target.close();
        network.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1200, 1472, 9000, 65_507})
    void aPayloadGoesThereAndBack(int size) throws Exception {
        Opened udp = open(PLAIN);
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) size);

        assertThat(udp.socket.send(ByteBuffer.wrap(payload))).isTrue();
        udp.socket.flush();
        DatagramPacket received = receive();
        target.send(new DatagramPacket(received.getData(), received.getLength(), received.getSocketAddress()));

        assertThat(received.getLength()).isEqualTo(size);
        assertThat(udp.handler.next()).isEqualTo(payload);
    }

    @Test
    void theLargestPayloadThatIpv6CarriesGoesThereAndBack() throws Exception {
        try (DatagramSocket six = new DatagramSocket(0, InetAddress.getAllByName("::1")[0])) {
            six.setSoTimeout(10_000);
            Opened udp = open(address(six), PLAIN);
            byte[] payload = new byte[65_527 - 40]; // the loopback interface takes packets of 65,536 bytes
            Arrays.fill(payload, (byte) 7);

            udp.socket.send(ByteBuffer.wrap(payload));
            udp.socket.flush();
            DatagramPacket received = new DatagramPacket(new byte[65_535], 65_535);
            six.receive(received);
            six.send(received);

            assertThat(udp.handler.next()).isEqualTo(payload);
        }
    }

    @Test
    void emptyPayloadsArrive() throws Exception {
        Opened udp = open(PLAIN);

        target.send(new DatagramPacket(new byte[0], 0, udp.socket.localAddress()));
        target.send(new DatagramPacket(new byte[] {2}, 1, udp.socket.localAddress()));

        assertThat(udp.handler.next()).isEmpty();
        assertThat(udp.handler.next()).containsExactly(2);
    }

    @Test
    void emptyPayloadsAreSentInOrderWhereTheSystemCanAndElseRefused() throws Exception {
        Opened udp = open(PLAIN);

        udp.socket.send(ByteBuffer.wrap(new byte[] {1}));
        boolean taken = udp.socket.send(ByteBuffer.allocate(0));
        udp.socket.send(ByteBuffer.wrap(new byte[] {1, 2}));
        udp.socket.flush();

        assertThat(taken).isEqualTo(kind == SocketKind.EPOLL);
        assertThat(receive().getLength()).isEqualTo(1);
        assertThat(receive().getLength()).isEqualTo(taken ? 0 : 2);
    }

    @Test
    void aBurstKeepsItsOrder() throws Exception {
        Opened udp = open(PLAIN);
        for (int i = 0; i < 60; i++) {
            udp.socket.send(ByteBuffer.allocate(1200).putInt(0, i));
        }
        udp.socket.flush();

        for (int i = 0; i < 60; i++) {
            DatagramPacket received = receive();
            assertThat(ByteBuffer.wrap(received.getData()).getInt()).isEqualTo(i);
            target.send(new DatagramPacket(received.getData(), 1200, received.getSocketAddress()));
        }

        for (int i = 0; i < 60; i++) {
            assertThat(ByteBuffer.wrap(udp.handler.next()).getInt()).isEqualTo(i);
        }
        assertThat(udp.handler.batch.await(10, SECONDS)).isTrue();
    }

    @Test
    void payloadsOfAnySizesArriveOneByOneInTheirOrder() throws Exception {
        Opened udp = open(PLAIN);
        int[] sizes = {1200, 1200, 40, 40, 41, 1200, 1, 1, 1, 30_000, 30_000, 30_000, 7, 1400, 1400, 1399, 1400, 500};
        for (int round = 0; round < 20; round++) {
            for (int size : sizes) {
                assertThat(udp.socket.send(ByteBuffer.wrap(filled(size)))).isTrue();
            }
            udp.socket.flush();
            for (int size : sizes) {
                DatagramPacket received = receive();
                assertThat(Arrays.copyOf(received.getData(), received.getLength()))
                        .isEqualTo(filled(size));
            }
        }
    }

    private static byte[] filled(int size) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) size);
        return payload;
    }

    @Test
    void whatLeavesTogetherWithTooLargeADatagramArrives() throws Exception {
        Opened udp = open(PLAIN);
        for (int round = 0; round < 3; round++) {
            udp.socket.send(ByteBuffer.allocate(1)); // so that the next is not the first of its size
            udp.socket.send(ByteBuffer.allocate(65_520)); // IPv4 carries 65,507
            for (int i = 0; i < 20; i++) {
                udp.socket.send(ByteBuffer.wrap(filled(100 + i / 10)));
            }
            udp.socket.flush();
            assertThat(receive().getLength()).isEqualTo(1);
            for (int i = 0; i < 20; i++) {
                assertThat(receive().getLength()).isEqualTo(100 + i / 10);
            }
        }
    }

    @Test
    void onlyTheTargetCanAnswer() throws Exception {
        Opened udp = open(PLAIN);
        udp.socket.send(ByteBuffer.wrap(new byte[] {1}));
        udp.socket.flush();
        DatagramPacket received = receive();

        try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            stranger.send(new DatagramPacket(new byte[] {66}, 1, received.getSocketAddress()));
        }
        target.send(new DatagramPacket(new byte[] {2}, 1, received.getSocketAddress()));

        assertThat(udp.handler.next()).containsExactly(2);
        assertThat(udp.handler.payloads).isEmpty();
    }

    @Test
    void tooLargeADatagramIsDroppedAndTheSocketLivesOn() throws Exception {
        Opened udp = open(PLAIN);

        udp.socket.send(ByteBuffer.allocate(65_527)); // IPv4 carries 65,507
        udp.socket.send(ByteBuffer.wrap(new byte[] {1}));
        udp.socket.flush();
        udp.socket.send(ByteBuffer.allocate(65_520));
        udp.socket.flush();
        udp.socket.send(ByteBuffer.wrap(new byte[] {2}));
        udp.socket.flush();

        assertThat(receive().getLength()).isEqualTo(1);
        assertThat(receive().getData()[0]).isEqualTo((byte) 2);
        assertThat(udp.handler.closed).isNotDone();
    }

    @Test
    void aClosedPortClosesTheSocket() throws Exception {
        InetSocketAddress address = address(target);
        target.close();
        Opened udp = open(address, PLAIN);

        udp.socket.send(ByteBuffer.wrap(new byte[] {1}));
        udp.socket.flush();

        assertThat(udp.handler.closed.get(10, SECONDS))
                .get()
                .isInstanceOfSatisfying(
                        NextHopException.class, e -> assertThat(e.type()).isEqualTo(ProxyErrorType.CONNECTION_REFUSED));
        assertThat(udp.socket.send(ByteBuffer.wrap(new byte[] {1}))).isFalse();
    }

    @Test
    void aQueueThatIsFullDropsInsteadOfGrowing() throws Exception {
        Opened udp = open(PLAIN);
        int dropped = 0;
        CompletableFuture<Void> stuck = new CompletableFuture<>();
        CompletableFuture<Void> sent = new CompletableFuture<>();
        udp.socket.executor().execute(() -> sent.join()); // the loop does nothing in the meantime
        udp.socket.executor().execute(() -> stuck.complete(null));

        for (int i = 0; i < 10_000; i++) {
            if (!udp.socket.send(ByteBuffer.allocate(1200))) {
                dropped++;
            }
        }
        sent.complete(null);
        stuck.get(10, SECONDS);

        assertThat(dropped).isBetween(9_000, 9_900);
        assertThat(udp.handler.closed).isNotDone();
    }

    @Test
    void closingSaysSoOnceAndWithoutFailure() throws Exception {
        Opened udp = open(PLAIN);

        udp.socket.close();
        udp.socket.close();

        assertThat(udp.handler.closed.get(10, SECONDS)).isEmpty();
        assertThat(network.open()).isZero();
    }

    @Test
    void theSourceAddressIsUsed() throws Exception {
        Opened udp = open(new DialOptions(InetAddress.getAllByName("127.0.0.3")[0], Duration.ofSeconds(5), null));

        udp.socket.send(ByteBuffer.wrap("x".getBytes(UTF_8)));
        udp.socket.flush();

        assertThat(receive().getSocketAddress()).isEqualTo(udp.socket.localAddress());
        assertThat(udp.socket.localAddress().getHostString()).isEqualTo("127.0.0.3");
    }

    @Test
    void aForeignSourceAddressIsNotAvailable() throws Exception {
        DialOptions foreign = new DialOptions(InetAddress.getAllByName("192.0.2.1")[0], Duration.ofSeconds(5), null);

        assertThatThrownBy(() -> open(foreign))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        NextHopException.class,
                        e -> assertThat(e.type()).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE));
    }

    @Test
    void aHandlerThatThrowsClosesTheSocket() throws Exception {
        CompletableFuture<Optional<IOException>> closed = new CompletableFuture<>();
        UdpSocket socket = network.openUdp(address(target), PLAIN, made -> new UdpHandler() {
                    @Override
                    public void datagram(ByteBuffer payload) {
                        throw new IllegalStateException("as arranged");
                    }

                    @Override
                    public void closed(@Nullable IOException failure) {
                        closed.complete(Optional.ofNullable(failure));
                    }
                })
                .toCompletableFuture()
                .get(10, SECONDS);
        target.send(new DatagramPacket(new byte[] {1}, 1, socket.localAddress()));

        assertThat(closed.get(10, SECONDS)).isPresent();
    }

    @Test
    void aSocketWithoutTrafficStaysOpen() throws Exception {
        Opened udp = open(PLAIN);
        target.setSoTimeout(300);

        assertThatThrownBy(this::receive).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> udp.handler.closed.get(1, MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    private record Opened(UdpSocket socket, RecordingUdp handler) {}

    /** Remembers what came. */
    private static final class RecordingUdp implements UdpHandler {
        private final BlockingQueue<byte[]> payloads = new LinkedBlockingQueue<>();
        private final CountDownLatch batch = new CountDownLatch(1);
        private final CompletableFuture<Optional<IOException>> closed = new CompletableFuture<>();

        @Override
        public void datagram(ByteBuffer payload) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            payloads.add(bytes);
        }

        @Override
        public void datagramsComplete() {
            batch.countDown();
        }

        @Override
        public void closed(@Nullable IOException failure) {
            if (!closed.complete(Optional.ofNullable(failure))) {
                throw new AssertionError("closed twice");
            }
        }

        byte[] next() throws InterruptedException {
            byte[] payload = payloads.poll(10, SECONDS);
            assertThat(payload).isNotNull();
            return payload;
        }
    }

    private Opened open(DialOptions options) throws Exception {
        return open(address(target), options);
    }

    private Opened open(InetSocketAddress address, DialOptions options) throws Exception {
        RecordingUdp handler = new RecordingUdp();
        return new Opened(
                network.openUdp(address, options, made -> handler)
                        .toCompletableFuture()
                        .get(10, SECONDS),
                handler);
    }

    private static InetSocketAddress address(DatagramSocket socket) {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        target.receive(packet);
        return packet;
    }
}
