package dev.masque.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code memory}. */
@Command(
        name = "memory",
        aliases = "idle-tunnels",
        description = "what a proxy keeps for each tunnel, and for each connection, in which nothing moves",
        mixinStandardHelpOptions = true)
final class Memory extends Benchmark {
    private static final List<Contender> CONTENDERS = List.of(
            Contender.RELAY,
            Contender.MASQUE_H2,
            Contender.MASQUE_QUICHE,
            Contender.NGHTTPX,
            Contender.SQUID,
            Contender.HAPROXY);
    private static final Map<Contender, Double> GOALS =
            new EnumMap<>(Map.of(Contender.MASQUE_H2, 4.0, Contender.MASQUE_QUICHE, 8.0));

    /** Those of others end a connection without a request by themselves. */
    private static final Set<Contender> KEEP_CONNECTIONS =
            Set.of(Contender.RELAY, Contender.MASQUE_H2, Contender.MASQUE_QUICHE);

    private static final int FULL = 10_000;
    private static final int QUICK = 500;
    private static final int SPARE = 1_000; // descriptors for everything else

    @Option(names = "--tunnels", paramLabel = "N", description = "Tunnels in all (default: 10000, quick: 500).")
    private int tunnels;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections that share the tunnels (default: ${DEFAULT-VALUE}).")
    private int shared = 100;

    @Option(
            names = "--idle-connections",
            paramLabel = "N",
            description = "Connections without a tunnel (default: 10000, quick: 500).")
    private int connections;

    @Override
    void measure(Lab lab, Report report) throws IOException {
        int manyTunnels = tunnels > 0 ? tunnels : settings().quick() ? QUICK : FULL;
        int manyConnections = connections > 0 ? connections : settings().quick() ? QUICK : FULL;
        Field field = Field.start(lab, report, CONTENDERS);
        report.row("", "what", "heap KiB each", "direct KiB each", "resident KiB each", "threads more");
        for (Contender contender : field.contenders()) {
            Subject subject = field.subject(contender);
            int count = (int) Math.min(manyTunnels, (Machine.descriptors() - SPARE) / contender.descriptors());
            try {
                lab.say(subject.name() + ": " + count + " tunnels");
                Footprint one = tunnels(lab, contender, subject, count);
                fill(report, subject, count + " tunnels", "tunnel", one);
                judge(report, contender, subject, "tunnel", one);
                if (KEEP_CONNECTIONS.contains(contender)) {
                    lab.say(subject.name() + ": " + manyConnections + " connections");
                    Footprint connection = connections(lab, contender, subject, manyConnections);
                    fill(report, subject, manyConnections + " connections", "connection", connection);
                }
            } catch (IOException e) {
                report.note("left out: " + subject.name() + ": " + e.getMessage());
            }
        }
        report.note("tunnels are on " + shared + " connections, with squid and haproxy each on one of its own;"
                + " connections stand without a tunnel.");
        report.note(
                "resident: what the system gave the processes; a JVM keeps what it once had, so heap in use and direct"
                        + " buffers say more of it.");
    }

    private Footprint tunnels(Lab lab, Contender contender, Subject subject, int count) throws IOException {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < shared; i++) {
            routes.add(contender.route(lab, subject));
        }
        Idle idle = new Idle();
        idle.open(routes, Math.max(1, count / shared)); // classes, pools
        idle.end();
        Footprint before = Footprint.of(subject);
        idle.open(routes, count);
        Footprint full = Footprint.of(subject);
        idle.end();
        Footprint.of(subject); // until all is gone
        return full.each(before, count);
    }

    private static Footprint connections(Lab lab, Contender contender, Subject subject, int count) throws IOException {
        Idle idle = new Idle();
        idle.connect(() -> contender.session(lab, subject), Math.max(1, count / 10));
        idle.end();
        Footprint before = Footprint.of(subject);
        idle.connect(() -> contender.session(lab, subject), count);
        Footprint full = Footprint.of(subject);
        idle.end();
        return full.each(before, count);
    }

    private static void fill(Report report, Subject subject, String what, String measure, Footprint each) {
        report.row(
                subject.name(),
                what,
                Report.number(each.heap()),
                Report.number(each.direct()),
                Report.number(each.resident()),
                Report.number(each.threads()));
        report.figure(measure + ", heap", "KiB each", subject.name(), Series.of(each.heap()));
        report.figure(measure + ", direct", "KiB each", subject.name(), Series.of(each.direct()));
        report.figure(measure + ", resident", "KiB each", subject.name(), Series.of(each.resident()));
    }

    private static void judge(Report report, Contender contender, Subject subject, String what, Footprint each) {
        Double goal = GOALS.get(contender);
        if (goal != null) {
            report.atMost(subject.name() + ", heap for each " + what, each.heap(), goal, " KiB");
            report.atMost(subject.name() + ", threads more", each.threads(), 0, "");
        }
    }
}
