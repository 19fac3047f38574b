package dev.masque.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who saw what of a double hop, by the evidence; and whether nobody saw what is not for them. For one thread. */
final class Separation {
    private static final String ROW = "%-24s";
    private static final String CELL = " %-14s";

    private final Map<String, Evidence> parties;
    private final List<Row> rows = new ArrayList<>();

    /** Something to look for, who may see it, and who has to, or the recording is not worth much. */
    private record Row(String what, String text, Set<String> may, Set<String> must) {}

    /** The parties by name, in the order of the columns. */
    Separation(Map<String, Evidence> parties) {
        this.parties = new LinkedHashMap<>(parties);
    }

    /**
     * Looks for something.
     *
     * @param what its name in the table
     * @param text what it looks like
     * @param must who has to have seen it
     * @param may who may have seen it, beside these
     */
    Separation secret(String what, String text, Set<String> must, Set<String> may) {
        rows.add(new Row(what, text, may, must));
        return this;
    }

    /** Sentences on what is not as it should be; none if all is. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        for (Row row : rows) {
            parties.forEach((name, evidence) -> {
                List<String> places = evidence.placesOf(row.text);
                if (places.isEmpty() && row.must.contains(name)) {
                    violations.add(name + " has not seen " + row.what);
                } else if (!places.isEmpty() && !row.must.contains(name) && !row.may.contains(name)) {
                    violations.add(name + " saw " + row.what + " in " + places);
                }
            });
        }
        return violations;
    }

    void print(PrintWriter out) {
        out.printf(ROW, "");
        parties.keySet().forEach(name -> out.printf(CELL, name));
        out.println();
        for (Row row : rows) {
            out.printf(ROW, row.what);
            parties.values()
                    .forEach(evidence ->
                            out.printf(CELL, evidence.placesOf(row.text).isEmpty() ? "-" : "saw it"));
            out.println();
        }
        out.printf(ROW, "bytes recorded");
        parties.values().forEach(evidence -> out.printf(CELL, evidence.size()));
        out.println();
    }
}
