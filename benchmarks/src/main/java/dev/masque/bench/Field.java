package dev.masque.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contenders of a run that have been started. For one thread. */
final class Field {
    private final Map<Contender, Subject> subjects = new LinkedHashMap<>();

    /** Starts those that were asked for, or else all; those whose programs are not there are left out, with a note. */
    static Field start(Lab lab, Report report, List<Contender> contenders) throws IOException {
        List<Contender> wanted = new ArrayList<>(contenders);
        List<Contender> only = lab.only();
        for (Contender other : only) {
            if (!contenders.contains(other)) {
                throw new IllegalArgumentException(other.label() + " is not measured by this");
            }
        }
        wanted.removeIf(contender -> !only.isEmpty() && !only.contains(contender));
        Field field = new Field();
        for (Contender contender : wanted) {
            try {
                field.subjects.put(contender, lab.start(contender));
            } catch (MissingProgramException e) {
                report.note("left out: " + contender.label() + ": " + e.getMessage());
            }
        }
        if (field.subjects.isEmpty()) {
            throw new IOException("there is nothing to measure");
        }
        return field;
    }

    /** In the order of the table. */
    List<Contender> contenders() {
        return List.copyOf(subjects.keySet());
    }

    boolean has(Contender contender) {
        return subjects.containsKey(contender);
    }

    Subject subject(Contender contender) {
        Subject subject = subjects.get(contender);
        if (subject == null) {
            throw new IllegalArgumentException(contender + " was not started");
        }
        return subject;
    }

    String name(Contender contender) {
        return subject(contender).name();
    }
}
