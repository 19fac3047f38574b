package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.contract.LossyPath;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tech.kwik.core.impl.QuicClientConnectionImpl;

/** A path that loses two packets of a hundred, each way. */
@Timeout(180)
class LossIT {
    private static final RequestHead TUNNEL = RequestHead.connect("target.example:443", HeaderFields.empty());
    private static final RequestHead UDP = RequestHead.connectUdp("localhost", "/masque", HeaderFields.empty());
    private static final LossyPath.Weather LOSS = new LossyPath.Weather(0.02, 0, 0, Duration.ZERO);
    private static final long SEED = 1;

    private static HttpSession connect(Loopback loopback, LossyPath path) throws Exception {
        ConnectOptions direct = loopback.options();
        return Loopback.await(loopback.clientTransport.connect(
                new ConnectOptions(
                        path.address(),
                        direct.serverName(),
                        direct.versions(),
                        direct.trust(),
                        direct.timeout(),
                        direct.limits()),
                new Loopback.Client()));
    }

    private static long window(HttpSession session) {
        return Kwik.sender(((H3Session) session).connection())
                .getCongestionController()
                .getWindowSize();
    }

    @Test
    void bulkFinishesAndTheWindowShrinks() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer());
                LossyPath path = new LossyPath(loopback.listening.address(), SEED)) {
            HttpSession session = connect(loopback, path);
            transfer(session, 1, 16L << 20);
            long undisturbed = window(session);
            path.weather(LOSS);
            transfer(session, 4, 4L << 20);
            assertThat(path.forth().lost() + path.back().lost()).isPositive();
            assertThat(((QuicClientConnectionImpl) ((H3Session) session).connection())
                            .getStats()
                            .lostPackets())
                    .isPositive();
            assertThat(window(session)).isLessThan(undisturbed / 2);
        }
    }

    private static void transfer(HttpSession session, int streams, long bytes) throws Exception {
        List<Bulk> all = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            int seed = i;
            session.open(TUNNEL, stream -> {
                all.add(new Bulk(stream, bytes, seed));
                return all.get(seed);
            });
            all.get(i).start();
        }
        for (Bulk bulk : all) {
            assertThat(bulk.closed.get(100, TimeUnit.SECONDS)).isNull();
            assertThat(bulk.isWhole()).isTrue();
        }
    }

    @Test
    void datagramsGoOnAndTheWindowStaysSmall() throws Exception {
        SinkServer server = new SinkServer();
        try (Loopback loopback = new Loopback(server);
                LossyPath path = new LossyPath(loopback.listening.address(), SEED)) {
            RecordingStream events = new RecordingStream();
            HttpSession session = connect(loopback, path);
            HttpStream tunnel = session.open(UDP, s -> events);
            events.response.get(10, TimeUnit.SECONDS);
            send(tunnel, 60_000, 20_000);
            long undisturbed = window(session);
            path.weather(LOSS);
            long before = server.received.get();
            long sent = 0;
            long delivered = 0;
            // how many at a time is the machine's; the test's time-out is the deadline
            while (delivered < 10_000) {
                send(tunnel, 1_000, 2_000);
                sent += 1_000;
                delivered = server.received.get() - before;
            }
            assertThat(delivered).isLessThanOrEqualTo(sent + sent / 100); // kwik has some arrive twice
            assertThat(window(session)).isLessThan(Math.max(undisturbed / 2, 100_000));
            path.weather(LossyPath.Weather.FINE);
            long recovered = 0;
            while (recovered < 900) { // the window grows by a packet in a round trip
                before = server.received.get();
                send(tunnel, 1_000, 5_000);
                recovered = server.received.get() - before;
            }
        }
    }

    private static void send(HttpStream tunnel, int count, int perSecond) {
        ByteBuffer payload = ByteBuffer.allocate(1_201);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            tunnel.sendDatagram(payload);
            while (System.nanoTime() - start < i * (1_000_000_000L / perSecond)) {
                LockSupport.parkNanos(100_000);
            }
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
    }
}
