package dev.masque.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code latency}. */
@Command(
        name = "latency",
        description = "64 bytes there and back on a tunnel that stands, and what each proxy adds, with every peer",
        mixinStandardHelpOptions = true)
final class Latency extends Benchmark {
    private static final List<Contender> CONTENDERS = List.of(
            Contender.DIRECT,
            Contender.NGHTTPX,
            Contender.SQUID,
            Contender.HAPROXY,
            Contender.RELAY,
            Contender.MASQUE_H1,
            Contender.MASQUE_H2,
            Contender.MASQUE_H2_JDK,
            Contender.MASQUE_QUICHE,
            Contender.MASQUE_KWIK);
    private static final Map<String, Double> SHARES = new LinkedHashMap<>();

    static {
        SHARES.put("p50", 0.5);
        SHARES.put("p99", 0.99);
        SHARES.put("p99.9", 0.999);
    }

    @Override
    void measure(Lab lab, Report report) throws IOException {
        Field field = Field.start(lab, report, CONTENDERS);
        List<Contender> contenders = field.contenders();
        Map<Contender, PingPong> players = new LinkedHashMap<>();
        Map<String, Map<Contender, Series>> times = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            players.put(contender, PingPong.on(contender.route(lab, field.subject(contender))));
            SHARES.keySet()
                    .forEach(share -> times.computeIfAbsent(share, first -> new LinkedHashMap<>())
                            .put(contender, new Series()));
        }
        lab.interleave("p50, us", contenders, (contender, seconds) -> {
            PingPong player = players.get(contender);
            long[] sorted = player == null ? new long[1] : player.play(seconds);
            times.forEach((share, series) -> series.getOrDefault(contender, new Series())
                    .add(PingPong.micros(sorted, SHARES.getOrDefault(share, 0.0))));
            return PingPong.micros(sorted, 0.5);
        });
        times.values().forEach(series -> series.values().forEach(one -> one.keepLast(lab.rounds())));
        fill(report, field, times);
    }

    private static void fill(Report report, Field field, Map<String, Map<Contender, Series>> times) {
        Contender base = field.has(Contender.NGHTTPX)
                ? Contender.NGHTTPX
                : field.contenders().get(0);
        List<String> heading = new ArrayList<>(List.of(""));
        times.keySet().forEach(share -> heading.addAll(List.of(share + " us", "range", "added", "ratio")));
        report.row(heading);
        for (Contender contender : field.contenders()) {
            List<String> row = new ArrayList<>(List.of(field.name(contender)));
            times.forEach((share, series) -> {
                Series mine = series.getOrDefault(contender, new Series());
                Series added = added(series, contender);
                row.add(Report.number(mine.median()));
                row.add(mine.range());
                row.add(Report.number(added.median()));
                row.add(Report.number(added.median() / added(series, base).median()));
                report.figure(share, "us", field.name(contender), mine);
            });
            report.row(row);
        }
        if (base == Contender.NGHTTPX && field.has(Contender.DIRECT) && field.has(Contender.MASQUE_H2)) {
            Map<Contender, Series> p99 = times.getOrDefault("p99", Map.of());
            report.atMost(
                    field.name(Contender.MASQUE_H2) + " against " + field.name(base) + ", added p99",
                    added(p99, Contender.MASQUE_H2).median() / added(p99, base).median(),
                    0.6,
                    "x");
        }
        report.note(
                "added: less what it takes without a proxy in the same round; the ratio is of what is added, to that of "
                        + field.name(base) + ".");
    }

    /** What a contender adds to the way without a proxy; all of it if that was not measured. */
    private static Series added(Map<Contender, Series> times, Contender contender) {
        Series mine = times.getOrDefault(contender, new Series());
        Series direct = times.get(Contender.DIRECT);
        return direct == null ? mine : mine.pairs(direct, (a, b) -> a - b);
    }
}
