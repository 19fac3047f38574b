package dev.masque.bench;

import java.util.List;
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

    List<String> proxyJvm() {
        return proxyJvm;
    }

    boolean strict() {
        return strict;
    }
}
