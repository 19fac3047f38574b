package dev.masque.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How fast tunnels are set up and ended: on connections that stand, and each with a connection of its own. */
abstract class SetupTable extends Benchmark {
    private static final double MICROS = 1e6;

    private final List<Contender> contenders;
    private final boolean connectionsToo;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections to each proxy that stand (default: ${DEFAULT-VALUE}).")
    private int connections = 4;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Tunnels at once on each connection, and connections at once (default: ${DEFAULT-VALUE}).")
    private int inFlight = 8;

    SetupTable(List<Contender> contenders, boolean connectionsToo) {
        this.contenders = contenders;
        this.connectionsToo = connectionsToo;
    }

    @Override
    final void measure(Lab lab, Report report) throws IOException {
        Field field = Field.start(lab, report, contenders);
        report.row("", "what", "a second", "range", "ratio", "CPU us each", "ratio");
        List<Contender> warm =
                field.contenders().stream().filter(Contender::multiplexes).toList();
        Map<Contender, Setup> setups = new HashMap<>();
        for (Contender contender : warm) {
            List<Route> routes = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                routes.add(contender.route(lab, field.subject(contender)));
            }
            setups.put(contender, new Setup(field.subject(contender), routes, inFlight, lab.targets()));
        }
        run(lab, report, field, "tunnels", warm, setups);
        if (connectionsToo) {
            Map<Contender, Setup> fresh = new HashMap<>();
            for (Contender contender : field.contenders()) {
                Route route = contender.freshRoute(lab, field.subject(contender));
                fresh.put(contender, new Setup(field.subject(contender), List.of(route), inFlight, lab.targets()));
            }
            run(lab, report, field, "connections", field.contenders(), fresh);
        }
        report.note("tunnels: on " + connections + " connections that stand, " + inFlight
                + " at once on each; the target hangs up at once.");
        if (connectionsToo) {
            report.note("connections: TLS and one tunnel each, " + inFlight
                    + " at once; with haproxy TCP alone. The client makes the other half of each handshake on the same"
                    + " processors.");
        }
    }

    private static void run(
            Lab lab, Report report, Field field, String what, List<Contender> those, Map<Contender, Setup> setups)
            throws IOException {
        if (those.isEmpty()) {
            return;
        }
        Costs costs = Costs.measure(lab, field, what + " a second", those, (contender, seconds) -> {
            Setup setup = setups.get(contender);
            return setup == null ? Double.NaN : setup.rate(seconds);
        });
        Contender base = those.get(0);
        for (Contender contender : those) {
            Series cost = new Series();
            costs.cost(contender).values().forEach(value -> cost.add(value * MICROS));
            report.row(
                    field.name(contender),
                    what,
                    Report.number(costs.rate(contender).median()),
                    costs.rate(contender).range(),
                    Report.number(costs.ratio(contender, base)),
                    Report.number(cost.median()),
                    Report.number(costs.frugality(contender, base)));
            report.figure(what, "set up a second", field.name(contender), costs.rate(contender));
            report.figure(what, "CPU us each", field.name(contender), cost);
        }
        if (base == Contender.NGHTTPX && those.contains(Contender.MASQUE_H2)) {
            report.atLeast(
                    field.name(Contender.MASQUE_H2) + " against " + field.name(base) + ", " + what,
                    costs.ratio(Contender.MASQUE_H2, base),
                    1.5,
                    "x");
        }
    }
}
