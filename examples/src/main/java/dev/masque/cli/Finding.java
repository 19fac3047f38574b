package dev.masque.cli;

import java.io.PrintWriter;
import java.util.List;

/**
 * One thing that {@code masque doctor} looked at.
 *
 * @param verdict how it is
 * @param subject what was looked at
 * @param detail what was found, and what to do about it
 */
record Finding(Verdict verdict, String subject, String detail) {
    /** How something is. */
    enum Verdict {
        /** As it should be. */
        OK,
        /** Works, but could be better. */
        HINT,
        /** Does not work. */
        BAD
    }

    static Finding ok(String subject, String detail) {
        return new Finding(Verdict.OK, subject, detail);
    }

    static Finding hint(String subject, String detail) {
        return new Finding(Verdict.HINT, subject, detail);
    }

    static Finding bad(String subject, String detail) {
        return new Finding(Verdict.BAD, subject, detail);
    }

    static void print(List<Finding> findings, PrintWriter out) {
        for (Finding finding : findings) {
            out.printf(
                    "%-5s %-18s %s%n",
                    finding.verdict.name().toLowerCase(java.util.Locale.ROOT), finding.subject, finding.detail);
        }
        out.flush();
    }
}
