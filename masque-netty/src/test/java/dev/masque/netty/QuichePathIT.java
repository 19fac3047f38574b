package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.LossyPath;
import dev.masque.core.contract.LossyPath.Weather;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a path carries is found out, and neither promised too high nor left unused (RFC 9000, 14.3). */
@Timeout(60)
class QuichePathIT {
    /** A short header with an id of 20 bytes and a packet number, the tag, and the frame's type and length. */
    private static final int OVERHEAD = 44;

    private static final int STREAM = 1;

    /** More than quiche needs to find any size. */
    private static final int PROBES = 40;

    private static final SessionHandler NONE = stream -> {
        throw new IllegalStateException();
    };

    private final Transport transport = new QuicheTransport(NetworkLoops.create("masque-path", 2));
    private final BlockingQueue<HttpStream> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Events> served = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init") // open()
    private LossyPath path;

    @BeforeEach
    void open() throws Exception {
        Listening listening = await(transport.listen(
                new ListenOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Set.of(HttpVersion.HTTP_3),
                        Loopback.PKI::identity,
                        SessionLimits.defaults()),
                stream -> {
                    stream.respond(new ResponseHead(200, HeaderFields.empty()));
                    Events events = Events.on(stream);
                    served.add(events);
                    accepted.add(stream);
                    return events;
                }));
        path = new LossyPath(listening.address(), 1);
    }

    @AfterEach
    void close() throws Exception {
        transport.close();
        path.close();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private record Tunnel(HttpStream client, Events atClient, HttpStream server, Events atServer) {}

    private Tunnel tunnel() throws Exception {
        return tunnel(
                RequestHead.connectUdp("localhost", "/.well-known/masque/udp/192.0.2.1/443/", HeaderFields.empty()));
    }

    private Tunnel tunnel(RequestHead request) throws Exception {
        HttpSession session = await(transport.connect(
                new ConnectOptions(
                        path.address(),
                        "localhost",
                        List.of(HttpVersion.HTTP_3),
                        Loopback.PKI.trust(),
                        Duration.ofSeconds(10),
                        SessionLimits.defaults()),
                NONE));
        Events[] events = new Events[1];
        HttpStream client = session.open(request, stream -> events[0] = Events.on(stream));
        assertThat(events[0].response().status()).isEqualTo(200);
        return new Tunnel(client, events[0], accepted.take(), served.take());
    }

    private static void assertCarries(HttpStream from, Events at, int bytes) throws Exception {
        assertThat(from.sendDatagram(ByteBuffer.allocate(bytes))).isTrue();
        from.flush();
        assertThat(at.next(byte[].class, datagram -> true)).hasSize(bytes);
    }

    private static int settled(HttpStream stream, int expected) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (stream.maxDatagramSize() != expected && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return stream.maxDatagramSize();
    }

    @Test
    void aWidePathIsUsedAtOnce() throws Exception {
        path.weather(new Weather(0, 0, 0, Duration.ofMillis(20)));
        Tunnel tunnel = tunnel();
        int most = QuichePath.MOST - OVERHEAD - STREAM;

        assertThat(settled(tunnel.client, most)).isEqualTo(most);
        assertThat(settled(tunnel.server, most)).isEqualTo(most);
        assertCarries(tunnel.client, tunnel.atServer, most);
        assertCarries(tunnel.server, tunnel.atClient, most);
        assertThat(tunnel.client.sendDatagram(ByteBuffer.allocate(most + 1))).isFalse();
    }

    @Test
    void whatIsLikelyToFitWaitsUntilItDoes() throws Exception {
        path.weather(new Weather(0, 0, 0, Duration.ofMillis(100)));
        Tunnel tunnel = tunnel(); // probes are under way
        int likely = QuichePath.LIKELY - OVERHEAD - STREAM;

        assertThat(tunnel.client.maxDatagramSize()).isGreaterThanOrEqualTo(likely);
        assertThat(tunnel.server.maxDatagramSize()).isGreaterThanOrEqualTo(likely);
        assertCarries(tunnel.server, tunnel.atClient, likely);
        assertCarries(tunnel.client, tunnel.atServer, likely);
    }

    @ParameterizedTest
    @CsvSource({"1400", "1300", "1240", "1200"})
    void aNarrowPathIsNotPromisedToBeWide(int width) throws Exception {
        path.forth().width(width);
        path.back().width(width);
        Tunnel tunnel = tunnel();
        int most = width - OVERHEAD - STREAM;

        assertThat(settled(tunnel.client, most)).isEqualTo(most);
        assertThat(settled(tunnel.server, most)).isEqualTo(most);
        assertCarries(tunnel.client, tunnel.atServer, most);
        assertCarries(tunnel.server, tunnel.atClient, most);
    }

    @Test
    void nothingButProbesIsLostOnANarrowPath() throws Exception {
        path.forth().width(1_240);
        path.back().width(1_240);
        Tunnel tunnel = tunnel(RequestHead.connect("example.com:443", HeaderFields.empty()));
        int length = 1 << 20;

        tunnel.client.write(ByteBuffer.allocate(length));
        tunnel.client.flush();
        tunnel.server.write(ByteBuffer.allocate(length));
        tunnel.server.flush();
        tunnel.atServer.awaitBytes(length);
        tunnel.atClient.awaitBytes(length);

        assertThat(tunnel.atServer.count()).isEqualTo(length);
        assertThat(tunnel.atClient.count()).isEqualTo(length);
        assertThat(path.forth().lost()).isLessThan(PROBES);
        assertThat(path.back().lost()).isLessThan(PROBES);
    }

    @Test
    void aClientPromisesNoMoreThanTheProxySends() throws Exception {
        path.back().width(1_300);
        Tunnel tunnel = tunnel();
        int most = 1_300 - OVERHEAD - STREAM;

        assertThat(settled(tunnel.client, most)).isEqualTo(most);
        assertCarries(tunnel.client, tunnel.atServer, most);
    }

    @Test
    void whatQuicheHasNoRoomForWaits() throws Exception {
        path.weather(new Weather(0, 0, 0, Duration.ofMillis(50)));
        Tunnel tunnel = tunnel();
        int most = QuichePath.MOST - OVERHEAD - STREAM;
        assertThat(settled(tunnel.client, most)).isEqualTo(most);
        int queue = QuicheCodec.DATAGRAMS_TO_SEND;

        send(tunnel.client, 0, queue, most);
        assertThat(next(tunnel.atServer)).isZero(); // quiche has its queue full
        int burst = queue + queue / 4;
        send(tunnel.client, queue, burst, most);

        for (int i = 1; i < burst; i++) {
            assertThat(next(tunnel.atServer)).isEqualTo(i);
        }
    }

    @Test
    void aQueueThatStandsIsThinned() throws Exception {
        path.weather(new Weather(0, 0, 0, Duration.ofMillis(50)));
        Tunnel tunnel = tunnel();
        int most = settled(tunnel.client, QuichePath.MOST - OVERHEAD - STREAM);
        int burst = SessionLimits.defaults().datagramQueue() - 48;
        send(tunnel.client, 0, burst, most);

        int came = 0;
        int last = -1;
        while (last != burst - 1) {
            int number = next(tunnel.atServer);
            assertThat(number).isGreaterThan(last);
            last = number;
            came++;
        }
        assertThat(came).isBetween(burst / 2, burst - 1);
    }

    private static void send(HttpStream from, int first, int end, int size) {
        for (int i = first; i < end; i++) {
            assertThat(from.sendDatagram(ByteBuffer.allocate(size).putInt(0, i)))
                    .isTrue();
        }
        from.flush();
    }

    private static int next(Events at) throws Exception {
        return ByteBuffer.wrap(at.next(byte[].class, datagram -> true)).getInt();
    }
}
