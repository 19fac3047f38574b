package dev.masque.bench;

import dev.masque.core.HttpVersion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code quiche-bulk}. */
@Command(
        name = "quiche-bulk",
        description =
                "one tunnel over HTTP/3 on quiche, against a stream of Netty's quiche without a proxy, and on kwik",
        mixinStandardHelpOptions = true)
final class QuicheBulk extends Benchmark {
    @Override
    void measure(Lab lab, Report report) throws IOException {
        Child bare = lab.child("quiche alone", true, List.of(), QuicheMain.class);
        QuicheClient quiche = lab.keep(new QuicheClient(bare, lab.identity()));
        Targets targets = lab.targets();
        Child onQuiche = lab.proxy("quiche");
        Child onKwik = lab.proxy("kwik");
        ProxyClient fast = lab.client(lab.transport("quiche"), onQuiche, HttpVersion.HTTP_3);
        ProxyClient slow = lab.client(lab.transport("kwik"), onKwik, HttpVersion.HTTP_3);
        List<Way> down = List.of(
                new Way(bare, quiche::download),
                new Way(onQuiche, seconds -> Bulk.download(fast, targets, seconds)),
                new Way(onKwik, seconds -> Bulk.download(slow, targets, seconds)));
        List<Way> up = List.of(
                new Way(bare, quiche::upload),
                new Way(onQuiche, seconds -> Bulk.upload(fast, targets, seconds)),
                new Way(onKwik, seconds -> Bulk.upload(slow, targets, seconds)));
        List<Series> downs = measure(lab, "download, MiB/s", down);
        List<Series> ups = measure(lab, "upload, MiB/s", up);
        report.bothWays(down.stream().map(way -> way.subject().name()).toList(), downs, ups);
        report.atLeast("against quiche alone, download", downs.get(1).ratio(downs.get(0)), 0.8, "x");
        report.atLeast("against quiche alone, upload", ups.get(1).ratio(ups.get(0)), 0.8, "x");
        report.atLeast("against kwik, download", downs.get(1).ratio(downs.get(2)), 4, "x");
        report.atLeast("against kwik, upload", ups.get(1).ratio(ups.get(2)), 4, "x");
        report.note("quiche alone has two processes to share the machine, a tunnel has three and TCP to the target.");
    }

    private interface Transfer {
        double rate(double seconds) throws IOException;
    }

    /**
     * A subject and how bytes go through it.
     *
     * @param subject whose name is shown
     * @param transfer gives MiB/s
     */
    private record Way(Child subject, Transfer transfer) {}

    private static List<Series> measure(Lab lab, String what, List<Way> ways) throws IOException {
        Map<Way, Series> results =
                lab.interleave(what, ways, (way, seconds) -> way.transfer().rate(seconds));
        return List.copyOf(results.values());
    }
}
