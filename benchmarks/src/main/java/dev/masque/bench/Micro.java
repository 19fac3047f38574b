package dev.masque.bench;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code micro}: the benchmarks of JMH in {@link dev.masque.bench.micro}. */
@Command(name = "micro", description = "codecs and cryptography alone, by JMH", mixinStandardHelpOptions = true)
final class Micro extends Benchmark {
    private static final String PACKAGE = "dev.masque.bench.micro.";
    private static final int FORKS = 3;
    private static final double NANOS = 1e9;

    @Parameters(
            paramLabel = "REGEX",
            arity = "0..*",
            description = "Which of them, such as Codecs or Hpke.open (default: all).")
    private List<String> patterns = List.of();

    @Override
    void measure(Lab lab, Report report) throws Exception {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .mode(Mode.Throughput)
                .forks(settings().quick() ? 1 : FORKS)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds((long) (settings().warmup() * 1000 / 3)))
                .measurementIterations(settings().quick() ? 3 : 5)
                .measurementTime(TimeValue.milliseconds((long) (settings().seconds() * 1000)))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        (patterns.isEmpty() ? List.of("") : patterns)
                .forEach(pattern -> options.include("^" + PACKAGE.replace(".", "\\.") + ".*" + pattern));
        Collection<RunResult> results = new Runner(options.build()).run();
        report.row("", "each", "a second", "range", "bytes each");
        Map<String, Series> rates = results.stream()
                .collect(Collectors.toMap(
                        result -> name(result.getParams()), result -> rates(result.getPrimaryResult())));
        for (RunResult result : results) {
            String name = name(result.getParams());
            Series rate = rates.getOrDefault(name, new Series());
            report.row(
                    name,
                    time(result.getParams().getThreads() / rate.median()),
                    Report.number(rate.median()),
                    rate.range(),
                    Report.number(bytes(result)));
            report.figure(name, "operations/s", "masque", rate);
        }
        ratio(report, rates, "Hpke.openOurs", "Hpke.openBouncyCastle", 1.3);
        limits(report, rates);
        report.note("operations a second of one thread; Tokens.spend: of two together.");
    }

    private static void limits(Report report, Map<String, Series> rates) {
        Series spend = rates.get("Tokens.spend");
        if (spend != null) {
            report.atLeast("spent tokens checked by two threads", spend.median(), 1_000_000, "/s");
        }
        Series choose = rates.get("Places.choose");
        if (choose != null) {
            report.atMost("an egress chosen among 100,000", 1e6 / choose.median(), 2, " us");
        }
        Series build = rates.get("Places.build");
        if (build != null) {
            report.atMost("an index of 100,000 built", 1 / build.median(), 1, " s");
        }
    }

    /** The iterations of forks are not neighbours in time, so medians are compared. */
    private static void ratio(Report report, Map<String, Series> rates, String ours, String theirs, double target) {
        Series mine = rates.get(ours);
        Series other = rates.get(theirs);
        if (mine != null && other != null) {
            report.atLeast(ours + " against " + theirs, mine.median() / other.median(), target, "x");
        }
    }

    private static String name(BenchmarkParams parameters) {
        return parameters.getBenchmark().substring(PACKAGE.length());
    }

    private static Series rates(Result<?> result) {
        Series series = new Series();
        result.getStatistics().getRawData().forEachRemaining(entry -> series.add(entry.getKey()));
        return series;
    }

    private static double bytes(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return allocated == null ? Double.NaN : allocated.getScore();
    }

    private static String time(double seconds) {
        double nanos = seconds * NANOS;
        return nanos < 1e3
                ? Report.number(nanos) + " ns"
                : nanos < 1e6 ? Report.number(nanos / 1e3) + " us" : Report.number(nanos / 1e6) + " ms";
    }
}
