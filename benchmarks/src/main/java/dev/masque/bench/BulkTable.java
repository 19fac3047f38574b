package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bulk through several HTTP/2 proxies, both ways, against the first of them. */
final class BulkTable {
    private final Lab lab;
    private final Report report;
    private final Targets targets;
    private final Transport transport;

    BulkTable(Lab lab, Report report) throws IOException {
        this.lab = lab;
        this.report = report;
        this.targets = lab.targets();
        this.transport = lab.transport(Lab.NETTY);
    }

    /** Measures, and fills in the table; {@code least} are the ratios that the subjects after the first are to reach. */
    void measure(List<? extends Subject> subjects, List<Double> least) throws IOException {
        List<ProxyClient> clients = new ArrayList<>();
        for (Subject subject : subjects) {
            clients.add(lab.client(transport, subject, HttpVersion.HTTP_2));
        }
        Way down = way("download, MiB/s", clients, Bulk::download);
        Way up = way("upload, MiB/s", clients, Bulk::upload);
        report.row("", "down MiB/s", "range", "ratio", "CPU s/GiB", "up MiB/s", "range", "ratio", "CPU s/GiB");
        ProxyClient base = clients.get(0);
        for (ProxyClient client : clients) {
            List<String> row = new ArrayList<>(List.of(client.subject().name()));
            for (Way way : List.of(down, up)) {
                row.add(Report.number(way.rate(client).median()));
                row.add(way.rate(client).range());
                row.add(Report.number(way.rate(client).ratio(way.rate(base))));
                row.add(Report.number(way.cost(client).median()));
            }
            report.row(row.toArray(String[]::new));
        }
        for (int i = 1; i < clients.size(); i++) {
            String name = clients.get(i).subject().name();
            report.atLeast(
                    name + ", download", down.rate(clients.get(i)).ratio(down.rate(base)), least.get(i - 1), "x");
            report.atLeast(name + ", upload", up.rate(clients.get(i)).ratio(up.rate(base)), least.get(i - 1), "x");
        }
        report.note("CPU s/GiB is what the processes of the proxy used, without the client and the target.");
    }

    private interface Direction {
        double rate(ProxyClient client, Targets targets, double seconds) throws IOException;
    }

    /**
     * One direction.
     *
     * @param rates MiB/s
     * @param costs CPU seconds for a GiB
     */
    private record Way(Map<ProxyClient, Series> rates, Map<ProxyClient, Series> costs) {
        Series rate(ProxyClient client) {
            return rates.getOrDefault(client, new Series());
        }

        Series cost(ProxyClient client) {
            return costs.getOrDefault(client, new Series());
        }
    }

    private Way way(String what, List<ProxyClient> clients, Direction direction) throws IOException {
        Map<ProxyClient, Series> costs = new HashMap<>();
        Map<ProxyClient, Series> rates = lab.interleave(what, clients, (client, seconds) -> {
            long before = client.subject().cpu().toNanos();
            long began = System.nanoTime();
            double rate = direction.rate(client, targets, seconds);
            double gibibytes = rate * (System.nanoTime() - began) / 1e9 / 1024;
            double used = (client.subject().cpu().toNanos() - before) / 1e9;
            costs.computeIfAbsent(client, first -> new Series()).add(used / gibibytes);
            return rate;
        });
        costs.forEach((client, series) -> series.keepLast(lab.rounds()));
        return new Way(rates, costs);
    }
}
