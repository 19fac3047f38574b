package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.client.Forwarding;
import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.client.TunnelException;
import dev.masque.client.UdpTunnel;
import dev.masque.client.event.ClientListener;
import dev.masque.client.event.SessionClosed;
import dev.masque.client.event.SessionOpened;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.server.MasqueServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tunnels through two proxies, in every nesting of versions, over real transports. */
class DoubleHopIT extends Interop {
    private static final int BULK = 8_000_000;

    @TempDir
    private Path directory;

    static Stream<Arguments> nestings() {
        return Stream.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2, HttpVersion.HTTP_3)
                .flatMap(outer -> Stream.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2, HttpVersion.HTTP_3)
                        .map(inner -> Arguments.of(outer, inner)));
    }

    private HopPair pair() throws IOException {
        String name = Http3Transport.name();
        return new HopPair(directory, name, name, name);
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void bytesGoThroughBoth(HttpVersion outer, HttpVersion inner) throws Exception {
        try (HopPair proxies = pair();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(proxies.hopB(inner))
                        .build();
                TcpTunnel tunnel = client.openTcp(Target.parse(origins.tcpEcho()))) {
            byte[] sent = new byte[BULK];
            new Random(7).nextBytes(sent);
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(tunnel, sent), Background.THREADS);

            byte[] received = tunnel.inputStream().readNBytes(BULK);
            tunnel.shutdownOutput();

            writing.join();
            assertThat(Arrays.mismatch(received, sent)).isNegative();
            assertThat(tunnel.inputStream().read()).isNegative();
            assertThat(tunnel.version()).isEqualTo(inner);
        }
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void datagramsGoThroughBoth(HttpVersion outer, HttpVersion inner) throws Exception {
        try (HopPair proxies = pair();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(proxies.hopB(inner))
                        .build();
                UdpTunnel tunnel = client.openUdp(Target.parse(origins.udpEcho()))) {
            for (int size : new int[] {0, 1, 600, 1_100}) {
                assertThat(echoed(tunnel, size)).as("%s bytes", size).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void theLargestPayloadArrives(HttpVersion outer, HttpVersion inner) throws Exception {
        try (HopPair proxies = pair();
                DatagramSocket target = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(proxies.hopB(inner))
                        .build();
                UdpTunnel tunnel = client.openUdp("127.0.0.1", target.getLocalPort())) {
            target.setSoTimeout(1_000);
            int largest = Math.min(tunnel.maxPayload(), 1_472);

            assertThat(largest).isGreaterThanOrEqualTo(1_100);
            assertThat(arrives(tunnel, target, largest)).as("%s bytes", largest).isTrue();
            if (largest < 1_472) {
                assertThat(tunnel.send(new byte[1_500])).isFalse();
            }
        }
    }

    private static boolean arrives(UdpTunnel tunnel, DatagramSocket target, int size) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        for (int i = 0; i < 20; i++) {
            tunnel.send(new byte[size]);
            try {
                target.receive(packet);
                return packet.getLength() == size;
            } catch (SocketTimeoutException lost) {
                packet.setLength(2_000);
            }
        }
        return false;
    }

    private static void write(TcpTunnel tunnel, byte[] sent) {
        try {
            tunnel.outputStream().write(sent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> mixtures() {
        return Stream.of("quiche", "kwik")
                .flatMap(a -> Stream.of("quiche", "kwik")
                        .flatMap(b -> Stream.of("quiche", "kwik").map(client -> Arguments.of(a, b, client))));
    }

    @ParameterizedTest(name = "A on {0}, B on {1}, client on {2}")
    @MethodSource("mixtures")
    void http3InHttp3WorksBetweenAllTransports(String a, String b, String ofClient) throws Exception {
        try (HopPair proxies = new HopPair(directory, a, b, ofClient);
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(HttpVersion.HTTP_3))
                        .hop(proxies.hopB(HttpVersion.HTTP_3))
                        .build();
                UdpTunnel datagrams = client.openUdp(Target.parse(origins.udpEcho()));
                TcpTunnel bytes = client.openTcp(Target.parse(origins.tcpEcho()))) {
            byte[] sent = new byte[BULK / 8];
            new Random(7).nextBytes(sent);
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(bytes, sent), Background.THREADS);

            byte[] received = bytes.inputStream().readNBytes(sent.length);

            writing.join();
            assertThat(Arrays.mismatch(received, sent)).isNegative();
            assertThat(echoed(datagrams, 1_100)).isTrue();
        }
    }

    /** Datagrams may be lost: asks a few times. */
    private static boolean echoed(UdpTunnel tunnel, int size) throws IOException {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        for (int i = 0; i < 20; i++) {
            tunnel.send(payload);
            Optional<ByteBuffer> answer = tunnel.receive(Duration.ofSeconds(1));
            while (answer.isPresent()) {
                if (answer.get().equals(ByteBuffer.wrap(payload))) {
                    return true;
                }
                answer = tunnel.receive(Duration.ofMillis(100));
            }
        }
        return false;
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void theFirstLeadsToTheSecondOnly(HttpVersion outer, HttpVersion inner) throws Exception {
        try (HopPair proxies = pair();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(Hop.to("https://other.example:1").versions(inner))
                        .build()) {
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> client.openTcp(Target.parse(origins.tcpEcho())))
                    .satisfies(failure -> assertThat(failure.hop()).isEqualTo(1));
        }
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void theSecondIsReachedAgainThroughTheSameSessionWithTheFirst(HttpVersion outer, HttpVersion inner)
            throws Exception {
        BlockingQueue<SessionOpened> opened = new LinkedBlockingQueue<>();
        BlockingQueue<SessionClosed> closed = new LinkedBlockingQueue<>();
        try (HopPair proxies = pair();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(proxies.hopB(inner))
                        .listener(new ClientListener() {
                            @Override
                            public void sessionOpened(SessionOpened event) {
                                opened.add(event);
                            }

                            @Override
                            public void sessionClosed(SessionClosed event) {
                                closed.add(event);
                            }
                        })
                        .build()) {
            exchange(client);
            proxies.restartB();
            SessionClosed over = closed.poll(30, TimeUnit.SECONDS);
            while (over != null && over.opened().hop() != 2) {
                over = closed.poll(30, TimeUnit.SECONDS);
            }
            assertThat(over).isNotNull();
            exchange(client);
        }
        boolean oneTunnelEach = outer == HttpVersion.HTTP_1_1;
        assertThat(opened.stream().filter(event -> event.hop() == 2)).hasSize(2);
        assertThat(opened.stream().filter(event -> event.hop() == 1)).hasSize(oneTunnelEach ? 2 : 1);
    }

    private void exchange(MasqueClient client) throws Exception {
        try (TcpTunnel tunnel = client.openTcp(Target.parse(origins.tcpEcho()))) {
            tunnel.outputStream().write(new byte[] {1, 2, 3});
            assertThat(tunnel.inputStream().readNBytes(3)).containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void whoeverReadsNothingHoldsTheWriterUp(HttpVersion outer, HttpVersion inner) throws Exception {
        try (ServerSocket target = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HopPair proxies = pair();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(proxies.hopB(inner))
                        .build();
                TcpTunnel tunnel = client.openTcp("127.0.0.1", target.getLocalPort());
                Socket end = target.accept()) {
            AtomicLong written = new AtomicLong();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 1_000; i++) {
                            write(tunnel, new byte[64 << 10]);
                            written.addAndGet(64 << 10);
                        }
                    },
                    Background.THREADS);
            long before = -1;
            while (written.get() != before) {
                before = written.get();
                assertThat(writing).isNotDone();
                TimeUnit.MILLISECONDS.sleep(700); // it stands still once nothing moves for so long
            }
            assertThat(before).isLessThan(40 << 20);

            long received = end.getInputStream().readNBytes(64_000 << 10).length;

            writing.get(60, TimeUnit.SECONDS);
            assertThat(received).isEqualTo(64_000 << 10);
        }
    }

    @ParameterizedTest(name = "{2} in {1} in {0}")
    @CsvSource({
        "HTTP_2, HTTP_2, HTTP_2",
        "HTTP_2, HTTP_2, HTTP_3",
        "HTTP_2, HTTP_3, HTTP_3",
        "HTTP_3, HTTP_2, HTTP_3",
        "HTTP_3, HTTP_3, HTTP_2"
    })
    void threeHopsNest(HttpVersion first, HttpVersion second, HttpVersion third) throws Exception {
        try (HopPair proxies = pair();
                MasqueServer c = proxies.startC();
                MasqueClient client = through(proxies, c, first, second, third);
                UdpTunnel datagrams = client.openUdp(Target.parse(origins.udpEcho()))) {
            exchange(client);
            assertThat(echoed(datagrams, 1_000)).isTrue();
        }
    }

    private static MasqueClient through(
            HopPair proxies, MasqueServer c, HttpVersion first, HttpVersion second, HttpVersion third)
            throws Exception {
        return proxies.client()
                .hop(proxies.hopA(first))
                .hop(proxies.hopB(second))
                .hop(proxies.hopC(c, third))
                .build();
    }

    @Test
    void threeHopsNestWherePathsAreTried() throws Exception {
        try (HopPair proxies = new HopPair(directory, "quiche", "quiche", "quiche");
                MasqueServer c = proxies.startC();
                MasqueClient client = through(proxies, c, HttpVersion.HTTP_3, HttpVersion.HTTP_3, HttpVersion.HTTP_3);
                UdpTunnel datagrams = client.openUdp(Target.parse(origins.udpEcho()))) {
            exchange(client);
            assertThat(echoed(datagrams, 1_200)).isTrue();
        }
    }

    /** A browser's HTTP/3, as it were. */
    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("nestings")
    void quicOfTheApplicationGoesThroughBoth(HttpVersion outer, HttpVersion inner) throws Exception {
        int size = 1_000_000;
        try (Peer site = Peer.start(Peers.quicGo("site", "-cert", authority.certificate(), "-key", authority.key()));
                HopPair proxies = new HopPair(directory, "quiche", "quiche", "quiche");
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(outer))
                        .hop(proxies.hopB(inner))
                        .build();
                Forwarding forwarding = client.forwardUdp(0, Target.parse("127.0.0.1:" + site.port()))) {
            String url = "https://localhost:" + forwarding.localAddress().getPort() + "/bytes/" + size;

            byte[] fetched = Peer.run(Peers.quicGo("get", "-ca", authority.authority(), url))
                    .ok()
                    .bytes();

            assertThat(fetched).hasSize(size);
        }
    }

    @Test
    void whatIsTooNarrowForQuicIsSaidAtTheHopThatNeedsIt() throws Exception {
        try (HopPair proxies = new HopPair(directory, "kwik", "kwik", "kwik");
                MasqueServer c = proxies.startC();
                MasqueClient client = through(proxies, c, HttpVersion.HTTP_3, HttpVersion.HTTP_3, HttpVersion.HTTP_3)) {
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> exchange(client))
                    .withMessageContaining("QUIC needs UDP payloads of 1200 bytes, the tunnel carries 1")
                    .matches(failure -> failure.hop() == 3);
        }
    }

    @Test
    void whereQuicIsTooNarrowTheNextVersionIsTaken() throws Exception {
        try (HopPair proxies = new HopPair(directory, "kwik", "kwik", "kwik");
                MasqueServer c = proxies.startC();
                MasqueClient client = proxies.client()
                        .hop(proxies.hopA(HttpVersion.HTTP_3))
                        .hop(proxies.hopB(HttpVersion.HTTP_3))
                        .hop(proxies.hopC(c, HttpVersion.HTTP_3, HttpVersion.HTTP_2))
                        .build();
                TcpTunnel tunnel = client.openTcp(Target.parse(origins.tcpEcho()))) {
            assertThat(tunnel.version()).isEqualTo(HttpVersion.HTTP_2);
        }
    }
}
