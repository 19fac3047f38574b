package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code idle-tunnels}. */
@Command(
        name = "idle-tunnels",
        description = "what the proxy keeps for tunnels over HTTP/2 in which nothing moves",
        mixinStandardHelpOptions = true)
final class IdleTunnels extends Benchmark {
    private static final double KIB = 1024;
    private static final int BATCH = 100;

    @Option(names = "--tunnels", paramLabel = "N", description = "Tunnels in all (default: ${DEFAULT-VALUE}).")
    private int tunnels = 10_000;

    @Option(names = "--connections", paramLabel = "N", description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections = 10;

    @Override
    void measure(Lab lab, Report report) throws IOException {
        Targets targets = lab.targets();
        Transport transport = lab.transport(Lab.NETTY);
        Child proxy = lab.proxy(true);
        report.row("", "heap KiB", "direct KiB", "threads");
        lab.say("warm-up");
        List<HttpStream> first = open(lab.client(transport, proxy, HttpVersion.HTTP_2), targets, 10 * BATCH);
        first.forEach(stream -> stream.reset(Tunnel.DONE));
        Child.State fresh = quiet(proxy);
        row(report, "before", fresh);
        List<HttpStream> held = new ArrayList<>();
        Child.State one = fresh;
        for (int i = 0; i < connections; i++) {
            ProxyClient client = lab.client(transport, proxy, HttpVersion.HTTP_2);
            held.addAll(open(client, targets, tunnels / connections - (i == 0 ? BATCH : 0)));
            if (i == 0) {
                held.addAll(open(client, targets, BATCH));
                one = quiet(proxy);
            }
            lab.say(held.size() + " tunnels");
        }
        row(report, "with " + tunnels / connections + " tunnels on 1 connection", one);
        Child.State full = quiet(proxy);
        row(report, "with " + held.size() + " tunnels on " + connections + " connections", full);
        held.forEach(stream -> stream.reset(Tunnel.DONE));
        row(report, "all ended", quiet(proxy));
        report.atMost("heap for each tunnel", (full.heap() - fresh.heap()) / KIB / held.size(), 8, " KiB");
        report.atMost("threads more", full.threads() - fresh.threads(), 0, "");
    }

    /** The state when a second look shows no more movement. */
    private static Child.State quiet(Child proxy) throws IOException {
        Child.State last = proxy.state();
        for (int i = 0; i < 20; i++) {
            Programs.pause(java.time.Duration.ofMillis(300));
            Child.State now = proxy.state();
            if (Math.abs(now.heap() - last.heap()) < 64 << 10) {
                return now;
            }
            last = now;
        }
        return last;
    }

    private static List<HttpStream> open(ProxyClient client, Targets targets, int count) throws IOException {
        List<HttpStream> streams = new ArrayList<>();
        while (streams.size() < count) {
            List<Tunnel> batch = new ArrayList<>();
            for (int i = streams.size(); i < count && batch.size() < BATCH; i++) {
                Tunnel tunnel = new Tunnel();
                batch.add(tunnel);
                streams.add(client.open(targets.echo(), stream -> tunnel));
            }
            for (Tunnel tunnel : batch) {
                ProxyClient.await(tunnel.established());
            }
        }
        return streams;
    }

    private static void row(Report report, String what, Child.State state) {
        report.row(
                what,
                Report.number(state.heap() / KIB),
                Report.number(state.direct() / KIB),
                Integer.toString(state.threads()));
    }
}
