package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code h2-setup}. */
@Command(
        name = "h2-setup",
        description = "tunnels set up and ended over HTTP/2, against nghttpx + tinyproxy with the same client",
        mixinStandardHelpOptions = true)
final class H2Setup extends Benchmark {
    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections to each proxy (default: ${DEFAULT-VALUE}).")
    private int connections = 4;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Tunnels at once on each connection (default: ${DEFAULT-VALUE}).")
    private int inFlight = 8;

    @Override
    void measure(Lab lab, Report report) throws IOException {
        Targets targets = lab.targets();
        Transport transport = lab.transport(Lab.NETTY);
        Subject peer = lab.nghttpx();
        Child proxy = lab.proxy(true);
        List<Load> loads = new ArrayList<>();
        for (Subject subject : List.of(peer, proxy)) {
            List<ProxyClient> clients = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                clients.add(lab.client(transport, subject, HttpVersion.HTTP_2));
            }
            loads.add(new Load(subject, clients, targets, inFlight));
        }
        Map<Load, Series> costs = new HashMap<>();
        Map<Load, Series> rates = lab.interleave("tunnels/s", loads, (load, seconds) -> {
            long before = load.subject().cpu().toNanos();
            double rate = load.run(seconds);
            double used = (load.subject().cpu().toNanos() - before) / 1e3;
            costs.computeIfAbsent(load, first -> new Series()).add(used / (rate * seconds));
            return rate;
        });
        costs.values().forEach(series -> series.keepLast(lab.rounds()));
        Series base = rates.getOrDefault(loads.get(0), new Series());
        report.row("", "tunnels/s", "range", "ratio", "CPU us/tunnel");
        rates.forEach((load, series) -> report.row(
                load.subject().name(),
                Report.number(series.median()),
                series.range(),
                Report.number(series.ratio(base)),
                Report.number(costs.getOrDefault(load, series).median())));
        Series ours = rates.getOrDefault(loads.get(1), new Series());
        report.atLeast(proxy.name(), ours.ratio(base), 1, "x");
        report.note(connections + " connections with " + inFlight + " tunnels at once; the target hangs up at once.");
    }

    /**
     * Keeps tunnels in the making for some time.
     *
     * @param subject the proxy
     * @param clients the connections to it
     * @param targets has one that hangs up at once
     * @param inFlight tunnels at once on each connection
     */
    private record Load(Subject subject, List<ProxyClient> clients, Targets targets, int inFlight) {
        double run(double seconds) throws IOException {
            Run run = new Run(targets.hangUp(), clients.size() * inFlight);
            long connections = targets.hungUp();
            long began = System.nanoTime();
            for (ProxyClient client : clients) {
                for (int i = 0; i < inFlight; i++) {
                    run.open(client);
                }
            }
            Programs.pause(Duration.ofNanos((long) (seconds * 1e9)));
            double rate = run.done.sum() / ((System.nanoTime() - began) / 1e9);
            run.stop = true;
            try {
                ProxyClient.await(run.allClosed);
            } catch (IOException e) {
                throw new IOException(subject.name() + ": " + run.running.get() + " tunnels are left", e);
            }
            if (targets.hungUp() - connections < run.done.sum()) {
                throw new IOException(subject.name() + " says that it connects, and does not");
            }
            return rate;
        }
    }

    /** Opens the next tunnel when one is over. */
    private static final class Run {
        private final String target;
        private final AtomicInteger running;
        private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
        private final LongAdder done = new LongAdder();
        private volatile boolean stop;

        Run(String target, int tunnels) {
            this.target = target;
            this.running = new AtomicInteger(tunnels);
        }

        void open(ProxyClient client) {
            client.open(target, stream -> new OneTunnel(client, stream)).resume();
        }

        private final class OneTunnel extends Tunnel {
            private final ProxyClient client;
            private final HttpStream stream;

            OneTunnel(ProxyClient client, HttpStream stream) {
                this.client = client;
                this.stream = stream;
            }

            @Override
            public void end() {
                super.end();
                stream.end();
            }

            @Override
            public void closed(@Nullable StreamFailure failure) {
                if (established().isDone() && !established().isCompletedExceptionally()) {
                    done.increment();
                } else {
                    allClosed.completeExceptionally(
                            new IOException(client.subject().name() + " refused: " + failure));
                    return;
                }
                super.closed(failure);
                if (!stop) {
                    open(client);
                } else if (running.decrementAndGet() == 0) {
                    allClosed.complete(null);
                }
            }
        }
    }
}
