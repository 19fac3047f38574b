package dev.masque.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a report into a folder: a page with the table, the circumstances and the charts, the figures of each round for
 * machines, and the charts.
 *
 * @param folder is made, and what it holds of the same names replaced
 */
record Results(Path folder) {
    static final String PAGE = "README.md";
    static final String TABLE = "results.csv";

    /**
     * Writes everything.
     *
     * @param name of the benchmark
     * @param circumstances what a repetition has to know, by its name
     * @param report what was found
     */
    void write(String name, Map<String, String> circumstances, Report report) throws IOException {
        Files.createDirectories(folder);
        Map<String, List<Figure>> charts = new LinkedHashMap<>();
        for (Figure figure : report.figures()) {
            charts.computeIfAbsent(figure.unit(), first -> new ArrayList<>()).add(figure);
        }
        List<String> page = new ArrayList<>(List.of("# " + name, "", report.title(), ""));
        circumstances.forEach((what, value) -> page.add("- " + what + ": " + value));
        page.add("");
        table(report.rows(), page);
        page.add("");
        report.verdicts().forEach(verdict -> page.add("- " + verdict));
        for (Map.Entry<String, List<Figure>> chart : charts.entrySet()) {
            String file = chart.getKey().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".svg";
            new Chart(name + ": " + chart.getKey(), chart.getKey(), chart.getValue()).write(folder.resolve(file));
            page.add("");
            page.add("![" + chart.getKey() + "](" + file + ")");
        }
        Files.write(folder.resolve(PAGE), page);
        Files.write(folder.resolve(TABLE), csv(report.figures()));
    }

    private static void table(List<List<String>> rows, List<String> page) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < rows.size(); i++) {
            List<String> cells = new ArrayList<>(rows.get(i));
            cells.addAll(Collections.nCopies(columns - cells.size(), ""));
            page.add("| " + String.join(" | ", cells) + " |");
            if (i == 0) {
                page.add("|---|" + "--:|".repeat(columns - 1));
            }
        }
    }

    private static List<String> csv(List<Figure> figures) {
        List<String> lines = new ArrayList<>(List.of("measure,unit,subject,tunnels,round,value"));
        for (Figure figure : figures) {
            List<Double> values = figure.values().values();
            for (int i = 0; i < values.size(); i++) {
                lines.add(String.join(
                        ",",
                        quoted(figure.measure()),
                        quoted(figure.unit()),
                        quoted(figure.subject()),
                        figure.tunnels() == 0 ? "" : Integer.toString(figure.tunnels()),
                        Integer.toString(i + 1),
                        Double.toString(values.get(i))));
            }
        }
        return lines;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"'; // RFC 4180, 2.7
    }
}
