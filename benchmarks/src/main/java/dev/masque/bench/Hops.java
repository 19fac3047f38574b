package dev.masque.bench;

import dev.masque.client.Credentials;
import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.client.MasqueClientBuilder;
import dev.masque.core.HttpVersion;
import dev.masque.core.tls.PeerTrust;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code hops}. */
@Command(
        name = "hops",
        description = "tunnels through no proxy, through one, and through two in each other, by our client",
        mixinStandardHelpOptions = true)
final class Hops extends Benchmark {
    private static final String NONE = "no proxy";
    private static final double DOUBLE_BULK = 0.45;

    /**
     * A way to the targets.
     *
     * @param single the way through one proxy that a way through two is compared with; its own name if there are not two
     */
    private record Way(String name, String single, Route route, Bulk bulk, PingPong player) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Override
    void measure(Lab lab, Report report) throws IOException {
        Map<HttpVersion, List<Child>> proxies = new LinkedHashMap<>();
        for (Contender contender : List.of(Contender.MASQUE_H2, Contender.MASQUE_QUICHE)) {
            proxies.put(contender.version(), List.of((Child) lab.start(contender), (Child) lab.start(contender)));
        }
        List<Way> ways = new ArrayList<>();
        ways.add(way(lab, NONE, NONE, Route.plain(lab.network(), lab.targets()::port), new Direct(lab.targets())));
        for (HttpVersion version : proxies.keySet()) {
            ways.add(through(lab, name(version), proxies, List.of(version)));
        }
        for (HttpVersion outer : proxies.keySet()) {
            for (HttpVersion inner : proxies.keySet()) {
                ways.add(through(lab, name(inner), proxies, List.of(outer, inner)));
            }
        }
        Map<Way, Series> downs =
                lab.interleave("download, MiB/s", ways, (way, seconds) -> way.bulk.download(1, seconds));
        Map<Way, Series> ups = lab.interleave("upload, MiB/s", ways, (way, seconds) -> way.bulk.upload(1, seconds));
        Map<Way, Series> slow = new LinkedHashMap<>();
        ways.forEach(way -> slow.put(way, new Series()));
        Map<Way, Series> there = lab.interleave("there and back, p50, us", ways, (way, seconds) -> {
            long[] sorted = way.player.play(seconds);
            slow.getOrDefault(way, new Series()).add(PingPong.micros(sorted, 0.99));
            return PingPong.micros(sorted, 0.5);
        });
        slow.values().forEach(series -> series.keepLast(lab.rounds()));
        Map<Way, Series> opening = lab.interleave("to open a tunnel, p50, us", ways, Hops::opening);
        fill(report, ways, List.of(downs, ups, there, slow, opening));
    }

    private static String name(HttpVersion version) {
        return version.alpn();
    }

    private Way through(Lab lab, String single, Map<HttpVersion, List<Child>> proxies, List<HttpVersion> versions)
            throws IOException {
        MasqueClientBuilder builder =
                MasqueClient.builder().transports(Lab.provider(Lab.NETTY), Lab.provider("quiche"));
        String name = "";
        Subject last = new Direct(lab.targets());
        for (int i = 0; i < versions.size(); i++) {
            HttpVersion version = versions.get(i);
            Child proxy = proxies.getOrDefault(version, List.of()).get(i);
            builder.hop(Hop.to("https://127.0.0.1:" + proxy.port())
                    .credentials(Credentials.preshared(ProxyMain.KEY))
                    .trust(PeerTrust.pem(lab.identity().certificate()))
                    .versions(version));
            name = name.isEmpty() ? name(version) : name(version) + " in " + name;
            last = proxy;
        }
        MasqueClient client = lab.keep(builder.build());
        return way(lab, name, single, Route.plain(client.asNetwork(), lab.targets()::port), last);
    }

    private static Way way(Lab lab, String name, String single, Route route, Subject subject) throws IOException {
        return new Way(name, single, route, new Bulk(subject, route, lab.targets()), PingPong.on(route));
    }

    private static double opening(Way way, double seconds) throws IOException {
        long until = System.nanoTime() + (long) (seconds * 1e9);
        long[] times = new long[1 << 16];
        int count = 0;
        while (System.nanoTime() < until && count < times.length) {
            Tunnel tunnel = new Tunnel();
            long began = System.nanoTime();
            var stream = way.route.openAndWait(Targets.Kind.ECHO, tunnel);
            times[count++] = System.nanoTime() - began;
            stream.reset(Tunnel.DONE);
            ProxyClient.await(tunnel.closed());
        }
        long[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return PingPong.micros(sorted, 0.5);
    }

    private static void fill(Report report, List<Way> ways, List<Map<Way, Series>> measured) {
        List<String> names = List.of("down MiB/s", "up MiB/s", "p50 us", "p99 us", "open p50 us");
        List<String> heading = new ArrayList<>(List.of(""));
        for (int i = 0; i < names.size(); i++) {
            heading.add(names.get(i));
            heading.add("range");
            if (i < 2) {
                heading.add("of one hop");
            }
        }
        report.row(heading);
        for (Way way : ways) {
            Way single = ways.stream()
                    .filter(other -> other.name.equals(way.single))
                    .findFirst()
                    .orElse(way);
            List<String> row = new ArrayList<>(List.of(way.name));
            for (int i = 0; i < names.size(); i++) {
                Series mine = measured.get(i).getOrDefault(way, new Series());
                row.add(Report.number(mine.median()));
                row.add(mine.range());
                if (i < 2) {
                    double ratio = mine.ratio(measured.get(i).getOrDefault(single, mine));
                    row.add(Report.number(ratio));
                    if (way.name.equals(way.single + " in " + way.single)) {
                        report.atLeast(
                                way.name + " against " + way.single + ", " + names.get(i), ratio, DOUBLE_BULK, "x");
                    }
                }
                report.figure(names.get(i), names.get(i).endsWith("us") ? "us" : "MiB/s", way.name, mine);
            }
            report.row(row);
        }
        report.note(
                "of one hop: against one proxy over the version that the second hop has. All proxies, the client and the"
                        + " targets share this machine.");
    }
}
