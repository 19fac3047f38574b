package dev.masque.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

/**
 * What one step of the demonstration came to.
 *
 * @param version the version of HTTP, or the part of the demonstration
 * @param step what was tried
 * @param outcome what happened, in words
 * @param took how long
 * @param asExpected whether it should have been so
 */
record DemoResult(String version, String step, String outcome, Duration took, boolean asExpected) {
    private static final String ROW = "%-9s %-20s %-70s %8s  %s%n";

    /** What is tried. */
    interface Step {
        /** What happened; an exception if it is not what should. */
        String run() throws IOException, GeneralSecurityException, InterruptedException;
    }

    static DemoResult timed(String version, String name, Step step) {
        long start = System.nanoTime();
        String outcome;
        boolean asExpected = true;
        try {
            outcome = step.run();
        } catch (IOException | GeneralSecurityException e) {
            outcome = String.valueOf(e.getMessage());
            asExpected = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = "interrupted";
            asExpected = false;
        }
        return new DemoResult(version, name, outcome, Duration.ofNanos(System.nanoTime() - start), asExpected);
    }

    /** The same by other names. */
    DemoResult as(String otherVersion, String otherStep) {
        return new DemoResult(otherVersion, otherStep, outcome, took, asExpected);
    }

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
