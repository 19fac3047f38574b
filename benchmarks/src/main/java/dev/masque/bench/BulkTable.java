package dev.masque.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bulk through several contenders, both ways, on one stream and on several, against the first of them. */
abstract class BulkTable extends Benchmark {
    private static final double MIB_OF_GIB = 1024;

    private final List<Contender> contenders;
    private final List<Goal> goals;

    BulkTable(List<Contender> contenders, List<Goal> goals) {
        this.contenders = contenders;
        this.goals = goals;
    }

    /**
     * A ratio to be reached in both directions, on one stream and on several.
     *
     * @param of whose
     * @param against to whose
     * @param rate in MiB/s
     * @param frugality in MiB for a CPU second; 0 for any
     */
    record Goal(Contender of, Contender against, double rate, double frugality) {}

    /**
     * A direction and a number of streams.
     *
     * @param name for the table
     * @param streams how many
     * @param measure gives MiB/s
     */
    private record Way(String name, int streams, Transfer measure) {
        String title() {
            return name + ", " + streams + (streams == 1 ? " stream" : " streams");
        }
    }

    private interface Transfer {
        double rate(Carrier carrier, int streams, double seconds) throws IOException;
    }

    /** On how many streams. */
    List<Integer> streams() {
        return List.of(1, 32);
    }

    @Override
    final void measure(Lab lab, Report report) throws IOException {
        Field field = Field.start(lab, report, contenders);
        Map<Contender, Carrier> carriers = new LinkedHashMap<>();
        for (Contender contender : field.contenders()) {
            carriers.put(contender, contender.carrier(lab, field.subject(contender)));
        }
        report.row("", "way", "MiB/s", "range", "ratio", "CPU s/GiB", "range", "ratio");
        for (int streams : streams()) {
            for (Way way : List.of(
                    new Way("download", streams, Carrier::download), new Way("upload", streams, Carrier::upload))) {
                Costs costs = Costs.measure(lab, field, way.title(), field.contenders(), (contender, seconds) -> {
                    Carrier carrier = carriers.get(contender);
                    return carrier == null ? Double.NaN : way.measure().rate(carrier, streams, seconds);
                });
                fill(report, field, way, costs);
                judge(report, field, way, costs);
            }
        }
        report.note("CPU s/GiB is what the processes of the proxy used, without the client and the target; its ratio is"
                + " how much more goes through for the same.");
    }

    private static void fill(Report report, Field field, Way way, Costs costs) {
        Contender base = field.contenders().get(0);
        for (Contender contender : field.contenders()) {
            Series rate = costs.rate(contender);
            Series cost = new Series();
            costs.cost(contender).values().forEach(value -> cost.add(value * MIB_OF_GIB));
            String name = field.name(contender);
            List<String> row = new ArrayList<>(List.of(name, way.title()));
            row.add(Report.number(rate.median()));
            row.add(rate.range());
            row.add(Report.number(costs.ratio(contender, base)));
            row.add(Report.number(cost.median()));
            row.add(cost.range());
            row.add(Report.number(costs.frugality(contender, base)));
            report.row(row);
            report.figure(way.title(), "MiB/s", name, rate);
            report.figure(way.title(), "CPU s/GiB", name, cost);
        }
    }

    private void judge(Report report, Field field, Way way, Costs costs) {
        for (Goal goal : goals) {
            if (field.has(goal.of()) && field.has(goal.against())) {
                String what = field.name(goal.of()) + " against " + field.name(goal.against()) + ", " + way.title();
                report.atLeast(what, costs.ratio(goal.of(), goal.against()), goal.rate(), "x");
                if (goal.frugality() > 0) {
                    report.atLeast(
                            what + ", for the same CPU time",
                            costs.frugality(goal.of(), goal.against()),
                            goal.frugality(),
                            "x");
                }
            }
        }
    }
}
