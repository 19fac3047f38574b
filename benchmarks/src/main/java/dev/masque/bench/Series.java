package dev.masque.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** The figures of one subject, one a round. Not thread-safe. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    /** Forgets all but the last so many, such as those of the warm-up. */
    void keepLast(int count) {
        values.subList(0, Math.max(0, values.size() - count)).clear();
    }

    double last() {
        return values.get(values.size() - 1);
    }

    double median() {
        return median(values);
    }

    /** The median of what each pair of rounds gives; rounds of a pair are neighbours in time. */
    double paired(Series other, DoubleBinaryOperator operator) {
        List<Double> results = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            results.add(operator.applyAsDouble(values.get(i), other.values.get(i)));
        }
        return median(results);
    }

    /** How many times as much as the other. */
    double ratio(Series other) {
        return paired(other, (mine, others) -> mine / others);
    }

    /** The smallest and the largest. */
    String range() {
        return Report.number(values.stream().mapToDouble(d -> d).min().orElse(0)) + " - "
                + Report.number(values.stream().mapToDouble(d -> d).max().orElse(0));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
