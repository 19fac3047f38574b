package dev.masque.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.server.dial.ManualTimer;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelKind;
import dev.masque.server.event.TunnelOpened;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TcpRelayThreadsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int BYTES = 1 << 20;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyByteArrivesInOrderWhicheverSideIsSlow(long seed) throws Exception {
        CompletableFuture<TunnelClosed> closed = new CompletableFuture<>();
        ServerListener listener = new ServerListener() {
            @Override
            public void tunnelClosed(TunnelClosed event) {
                closed.complete(event);
            }
        };
        Tunnels tunnels = new Tunnels(new ManualTimer(), listener, HOUR, HOUR, HOUR);
        try (ThreadedStream client = new ThreadedStream(seed, BYTES);
                ThreadedStream target = new ThreadedStream(seed + 1_000, BYTES)) {
            TunnelOpened opened = new TunnelOpened(1, HttpVersion.HTTP_2, TunnelKind.TCP, "none", "", false);
            TcpRelay relay = new TcpRelay(opened, tunnels, client, target);
            client.handler(relay);
            target.handler(relay.targetHandler());
            client.executor().execute(relay::start);

            TunnelClosed event = closed.get(30, TimeUnit.SECONDS);

            assertThat(event.reason()).isEqualTo(CloseReason.COMPLETED);
            assertThat(event.toTarget()).isEqualTo(BYTES);
            assertThat(event.toClient()).isEqualTo(BYTES);
            assertThat(target.received.getValue()).isEqualTo(client.sent.getValue());
            assertThat(client.received.getValue()).isEqualTo(target.sent.getValue());
            assertThat(client.most()).isLessThan(32_768);
            assertThat(target.most()).isLessThan(32_768);
            assertThat(tunnels.count()).isZero();
        }
    }
}
