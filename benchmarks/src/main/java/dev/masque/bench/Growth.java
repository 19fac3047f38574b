package dev.masque.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code growth}. */
@Command(
        name = "growth",
        description = "what a tunnel costs while 1, 10, 100, 1,000 and 10,000 stand: memory, set-up, latency",
        mixinStandardHelpOptions = true)
final class Growth extends Benchmark {
    private static final List<Contender> CONTENDERS = List.of(
            Contender.NGHTTPX, Contender.RELAY, Contender.MASQUE_H2, Contender.MASQUE_QUICHE, Contender.MASQUE_KWIK);
    private static final int CONNECTIONS = 100;
    private static final int IN_FLIGHT = 1;
    private static final int FLAT_FROM = 100;
    private static final double FLAT = 1.25;

    @Option(names = "--most", paramLabel = "N", description = "Tunnels at the end (default: 10000, quick: 100).")
    private int most;

    @Override
    void measure(Lab lab, Report report) throws IOException {
        int last = most > 0 ? most : settings().quick() ? FLAT_FROM : 10_000;
        Field field = Field.start(lab, report, CONTENDERS);
        report.row(
                "",
                "tunnels",
                "heap KiB each more",
                "resident KiB each more",
                "set up a second",
                "range",
                "p50 us",
                "p99 us",
                "range");
        for (Contender contender : field.contenders()) {
            try {
                grow(lab, report, contender, field.subject(contender), last);
            } catch (IOException e) {
                report.note("ended early: " + field.name(contender) + ": " + e.getMessage());
            }
        }
        report.note("tunnels are on " + CONNECTIONS + " connections; set up a second: " + CONNECTIONS * IN_FLIGHT
                + " more at once, which end at once; latency: on one of them. Each more: than in the row before; that of few is lost in what else a"
                + " JVM has. One proxy after the other: compare a row with"
                + " those of the same proxy.");
    }

    private void grow(Lab lab, Report report, Contender contender, Subject subject, int last) throws IOException {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            routes.add(contender.route(lab, subject));
        }
        Setup setup = new Setup(subject, routes, IN_FLIGHT, lab.targets());
        PingPong player = PingPong.on(routes.get(0));
        double warmup = settings().warmup();
        lab.say(subject.name() + ": warm-up of " + Report.number(warmup) + " s");
        setup.rate(warmup / 2);
        player.play(warmup / 2);
        Footprint before = Footprint.of(subject);
        int counted = 0;
        Map<Integer, Double> heaps = new TreeMap<>();
        Map<Integer, Double> rates = new TreeMap<>();
        Idle idle = new Idle();
        try {
            for (int count = 1; count <= last; count *= 10) {
                idle.open(routes, count);
                Footprint now = Footprint.of(subject);
                Footprint each = now.each(before, count - counted);
                before = now;
                counted = count;
                Series rate = new Series();
                Series middle = new Series();
                Series high = new Series();
                for (int round = 0; round < lab.rounds(); round++) {
                    rate.add(setup.rate(settings().seconds()));
                    long[] times = player.play(settings().seconds());
                    middle.add(PingPong.micros(times, 0.5));
                    high.add(PingPong.micros(times, 0.99));
                }
                heaps.put(count, each.heap());
                rates.put(count, rate.median());
                fill(report, subject, count, each, rate, middle, high);
                lab.say(subject.name() + ": " + count + " tunnels  heap " + Report.number(each.heap())
                        + " KiB each  set up " + Report.number(rate.median()) + "/s  p50 "
                        + Report.number(middle.median()) + " us");
            }
        } finally {
            player.stop();
            idle.end();
        }
        if (contender.isOurs() && last > FLAT_FROM) {
            int end = (int) Math.pow(10, Math.floor(Math.log10(last)));
            if (end > 10 * FLAT_FROM) { // that of each up to 100 is lost in what else a JVM has
                report.atMost(
                        subject.name() + ", heap for each more up to " + end + " against " + 10 * FLAT_FROM,
                        heaps.getOrDefault(end, Double.NaN) / heaps.getOrDefault(10 * FLAT_FROM, Double.NaN),
                        FLAT,
                        "x");
            }
            report.atLeast(
                    subject.name() + ", set up a second among " + end + " against " + FLAT_FROM,
                    rates.getOrDefault(end, Double.NaN) / rates.getOrDefault(FLAT_FROM, Double.NaN),
                    1 / FLAT,
                    "x");
        }
    }

    private static void fill(
            Report report, Subject subject, int count, Footprint each, Series rate, Series middle, Series high) {
        report.row(
                subject.name(),
                String.format(java.util.Locale.ROOT, "%,d", count),
                Report.number(each.heap()),
                Report.number(each.resident()),
                Report.number(rate.median()),
                rate.range(),
                Report.number(middle.median()),
                Report.number(high.median()),
                high.range());
        report.figure("heap", "KiB each", subject.name(), count, Series.of(each.heap()));
        report.figure("resident", "KiB each", subject.name(), count, Series.of(each.resident()));
        report.figure("tunnels", "set up a second", subject.name(), count, rate);
        report.figure("p50", "us", subject.name(), count, middle);
        report.figure("p99", "us", subject.name(), count, high);
    }
}
