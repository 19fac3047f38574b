package dev.masque.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * What one step of the demonstration came to.
 *
 * @param version the version of HTTP
 * @param step what was tried
 * @param outcome what happened, in words
 * @param took how long
 * @param asExpected whether it should have been so
 */
record DemoResult(String version, String step, String outcome, Duration took, boolean asExpected) {
    private static final String ROW = "%-9s %-20s %-70s %8s  %s%n";

    static void print(List<DemoResult> results, PrintWriter out) {
        out.printf(ROW, "HTTP", "what", "result", "ms", "");
        for (DemoResult result : results) {
            out.printf(
                    ROW,
                    result.version,
                    result.step,
                    result.outcome,
                    result.took.toMillis(),
                    result.asExpected ? "ok" : "WRONG");
        }
        long wrong = results.stream().filter(result -> !result.asExpected).count();
        out.println();
        out.println(
                wrong == 0
                        ? "Everything was as it should be: " + results.size() + " steps."
                        : wrong + " of " + results.size() + " steps went wrong.");
    }
}
