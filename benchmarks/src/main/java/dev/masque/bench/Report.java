package dev.masque.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a benchmark found: a table of figures, a line for each target, and the figures of each round. */
final class Report {
    private final String title;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> verdicts = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private boolean allReached = true;

    Report(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** The table, its heading first. */
    List<List<String>> rows() {
        return List.copyOf(rows);
    }

    /** A line for each target, and remarks. */
    List<String> verdicts() {
        return List.copyOf(verdicts);
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    /** Adds a row; the first is the heading. */
    void row(String... cells) {
        row(List.of(cells));
    }

    /** Adds a row; the first is the heading. */
    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    /** Keeps what was measured, round by round. */
    void figure(String measure, String unit, String subject, Series values) {
        figures.add(new Figure(measure, unit, subject, 0, values));
    }

    /** The same while so many tunnels stood. */
    void figure(String measure, String unit, String subject, int tunnels, Series values) {
        figures.add(new Figure(measure, unit, subject, tunnels, values));
    }

    /** Adds a table of rates in both directions; ratios are those to the first. */
    void bothWays(List<String> names, List<Series> downs, List<Series> ups) {
        row("", "down MiB/s", "range", "ratio", "up MiB/s", "range", "ratio");
        for (int i = 0; i < names.size(); i++) {
            List<String> row = new ArrayList<>(List.of(names.get(i)));
            for (List<Series> way : List.of(downs, ups)) {
                row.add(number(way.get(i).median()));
                row.add(way.get(i).range());
                row.add(number(way.get(i).ratio(way.get(0))));
            }
            row(row);
            figure("download", "MiB/s", names.get(i), downs.get(i));
            figure("upload", "MiB/s", names.get(i), ups.get(i));
        }
    }

    /** Adds a remark. */
    void note(String text) {
        verdicts.add(text);
    }

    /** A figure that is to be at least so high. */
    void atLeast(String what, double value, double target, String unit) {
        verdict(what, value, ">=", target, unit, value >= target);
    }

    /** A figure that is to be at most so high. */
    void atMost(String what, double value, double target, String unit) {
        verdict(what, value, "<=", target, unit, value <= target);
    }

    private void verdict(String what, double value, String relation, double target, String unit, boolean reached) {
        allReached &= reached;
        verdicts.add((reached ? "reached  " : "MISSED   ") + what + ": " + number(value) + unit + " (target " + relation
                + " " + number(target) + unit + ")");
    }

    boolean allReached() {
        return allReached;
    }

    void print(PrintWriter out) {
        out.println();
        out.println(title);
        out.println();
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                String space = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? cell + space : "  " + space + cell);
            }
            out.println(line.toString().stripTrailing());
        }
        out.println();
        verdicts.forEach(verdict -> out.println("  " + verdict));
        out.flush();
    }

    /** Three significant digits, or all of a large number; a dash where there is none. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
