package dev.masque.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One benchmark: measures, prints a table with a verdict for each target, and writes both with the figures into a folder. */
abstract class Benchmark implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Mixin
    private Settings settings = new Settings();

    /** Starts what is needed, measures, and fills in the report. */
    abstract void measure(Lab lab, Report report) throws Exception;

    final Settings settings() {
        return settings;
    }

    @Override
    public final Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Report report = new Report(
                spec.name() + ": " + String.join(" ", spec.usageMessage().description()));
        Neighbours neighbours = new Neighbours();
        Instant began = Instant.now();
        Map<String, String> versions;
        try (Lab lab = new Lab(settings, out)) {
            measure(lab, report);
            versions = lab.versions();
        }
        report.note(neighbours.sentence() + ".");
        report.print(out);
        Path folder = settings.results().resolve(spec.name());
        new Results(folder).write(spec.name(), circumstances(began, versions), report);
        out.println("  written to " + folder);
        out.flush();
        return report.allReached() || !settings.strict() ? 0 : 1;
    }

    private Map<String, String> circumstances(Instant began, Map<String, String> versions) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("command", "`" + command() + "`");
        all.put(
                "rounds",
                settings.rounds() + " of " + Report.number(settings.seconds()) + " s after "
                        + Report.number(settings.warmup()) + " s of warm-up" + (settings.quick() ? ", quick" : ""));
        all.put("when", began.truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("machine", Machine.hardware());
        all.put("Java", Machine.java());
        all.put("software", Machine.software());
        all.putAll(versions);
        return all;
    }

    /** As it was given, or what one would give to get this. */
    private String command() {
        String given =
                String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
        return "./masque bench " + (given.contains(spec.name()) ? given : (spec.name() + " " + given).strip());
    }
}
