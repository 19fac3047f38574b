package dev.masque.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all benchmarks have. */
final class Settings {
    private static final double MEASURED = 1;
    private static final double QUICK = 0.5;

    @Option(names = "--quick", description = "Short rounds, little warm-up: to see that it works, not how fast it is.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds, interleaved (default: 15, quick: 3).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a timed round (default: 1, quick: 0.5).")
    private double seconds;

    @Option(names = "--warmup", paramLabel = "S", description = "Warm-up of each subject (default: 10, quick: 1).")
    private double warmup = -1;

    @Option(
            names = "--only",
            paramLabel = "SUBJECT",
            split = ",",
            description = "Only these subjects, see --list; for those benchmarks that have several.")
    private List<String> only = List.of();

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where to write (default: benchmarks/results, quick: benchmarks/target/results).")
    @Nullable private Path results;

    @Option(
            names = "--proxy-jvm",
            paramLabel = "FLAG",
            split = " ",
            description = "Flags for the JVM of our proxy, such as those of Flight Recorder; may be repeated.")
    private List<String> proxyJvm = List.of();

    @Option(names = "--strict", description = "Exit with 1 if a target is missed.")
    private boolean strict;

    int rounds() {
        return rounds > 0 ? rounds : quick ? 3 : 15;
    }

    double seconds() {
        return seconds > 0 ? seconds : quick ? QUICK : MEASURED;
    }

    double warmup() {
        return warmup >= 0 ? warmup : quick ? 1 : 10;
    }

    boolean quick() {
        return quick;
    }

    /** The subjects that were asked for; empty for those that the benchmark has of its own. */
    List<String> only() {
        return only;
    }

    /** The folder of the results of all benchmarks. */
    Path results() {
        Path module = Path.of(System.getProperty("masque.benchmarks", "."));
        return results != null ? results : module.resolve(quick ? "target/results" : "results");
    }

    List<String> proxyJvm() {
        return proxyJvm;
    }

    boolean strict() {
        return strict;
    }
}
