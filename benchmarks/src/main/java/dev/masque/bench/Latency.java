package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.NetworkProvider;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code latency}. */
@Command(
        name = "latency",
        description = "64 bytes there and back on a tunnel over HTTP/2 that stands, against nghttpx + tinyproxy",
        mixinStandardHelpOptions = true)
final class Latency extends Benchmark {
    @Override
    void measure(Lab lab, Report report) throws IOException {
        Targets targets = lab.targets();
        Transport transport = lab.transport(Lab.NETTY);
        List<Subject> subjects = List.of(lab.nghttpx(), lab.proxy(true));
        List<PingPong> players = new ArrayList<>();
        players.add(direct(lab, targets));
        for (Subject subject : subjects) {
            PingPong player = new PingPong(subject.name());
            Tunnel tunnel = new Tunnel() {
                @Override
                public void data(ByteBuffer data) {
                    player.data(data);
                }
            };
            player.start(lab.client(transport, subject, HttpVersion.HTTP_2).openAndWait(targets.echo(), tunnel));
            players.add(player);
        }
        Map<PingPong, Series> high = new HashMap<>();
        players.forEach(player -> high.put(player, new Series()));
        Map<PingPong, Series> middle = lab.interleave("p50, us", players, (player, seconds) -> {
            long[] times = player.play((long) (seconds * 1e9));
            Arrays.sort(times);
            high.getOrDefault(player, new Series()).add(times[(int) (times.length * 0.99)] / 1e3);
            return times[times.length / 2] / 1e3;
        });
        high.values().forEach(series -> series.keepLast(lab.rounds()));
        fill(report, players, middle, high);
    }

    private static void fill(
            Report report, List<PingPong> players, Map<PingPong, Series> p50, Map<PingPong, Series> p99) {
        report.row("", "p50 us", "added", "p99 us", "range", "added", "p99 ratio");
        PingPong direct = players.get(0);
        PingPong peer = players.get(1);
        for (PingPong player : players) {
            Series middle = p50.getOrDefault(player, new Series());
            Series high = p99.getOrDefault(player, new Series());
            report.row(
                    player.name(),
                    Report.number(middle.median()),
                    Report.number(middle.paired(p50.getOrDefault(direct, middle), (a, b) -> a - b)),
                    Report.number(high.median()),
                    high.range(),
                    Report.number(high.paired(p99.getOrDefault(direct, high), (a, b) -> a - b)),
                    Report.number(high.ratio(p99.getOrDefault(peer, high))));
        }
        PingPong ours = players.get(2);
        Series high = p99.getOrDefault(ours, new Series());
        report.atMost(ours.name() + ", p99", high.ratio(p99.getOrDefault(peer, high)), 1, "x");
    }

    /** The same without a proxy and without TLS: what is added is what is above it. */
    private static PingPong direct(Lab lab, Targets targets) throws IOException {
        NetworkProvider provider =
                ServiceLoader.load(NetworkProvider.class).findFirst().orElseThrow(() -> new IOException("no network"));
        Network network = lab.keep(provider.createNetwork());
        PingPong player = new PingPong("no proxy, no TLS");
        int port = Integer.parseInt(targets.echo().substring(targets.echo().indexOf(':') + 1));
        player.start(ProxyClient.await(network.connectTcp(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        new DialOptions(null, Duration.ofSeconds(5), null),
                        stream -> player)
                .toCompletableFuture()));
        return player;
    }

    /** Sends 64 bytes, waits for them, and sends again. */
    private static final class PingPong implements ByteHandler {
        private static final int SIZE = 64;

        private final String name;
        private final ByteBuffer ball = ByteBuffer.allocateDirect(SIZE);

        @Nullable private ByteStream stream;

        private CompletableFuture<long[]> result = new CompletableFuture<>();
        private long[] times = new long[1 << 20];
        private int count;
        private int missing;
        private long until;
        private long sent;

        PingPong(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        void start(ByteStream established) {
            stream = established;
            established.resume();
        }

        long[] play(long nanos) throws IOException {
            ByteStream to = stream;
            if (to == null) {
                throw new IllegalStateException("not started");
            }
            CompletableFuture<long[]> now = new CompletableFuture<>();
            to.executor().execute(() -> {
                result = now;
                count = 0;
                until = System.nanoTime() + nanos;
                ping(to);
            });
            return ProxyClient.await(now);
        }

        private void ping(ByteStream to) {
            missing = SIZE;
            sent = System.nanoTime();
            to.write(ball.duplicate());
            to.flush();
        }

        @Override
        public void data(ByteBuffer data) {
            ByteStream to = stream;
            missing -= data.remaining();
            if (missing > 0 || to == null) {
                return;
            }
            long now = System.nanoTime();
            times[count++] = now - sent;
            if (now >= until || count == times.length) {
                result.complete(Arrays.copyOf(times, count));
            } else {
                ping(to);
            }
        }

        @Override
        public void end() {}

        @Override
        public void closed(@Nullable StreamFailure failure) {
            result.completeExceptionally(new IOException("the tunnel ended: " + failure));
        }
    }
}
