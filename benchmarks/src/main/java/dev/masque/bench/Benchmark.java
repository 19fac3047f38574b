package dev.masque.bench;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One benchmark: measures, and prints a table with a verdict for each target. */
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
        try (Lab lab = new Lab(settings, out)) {
            measure(lab, report);
        }
        report.note(neighbours.sentence() + ".");
        report.print(out);
        return report.allReached() || !settings.strict() ? 0 : 1;
    }
}
