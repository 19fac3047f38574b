package dev.masque.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** The figures of one subject, one a round. Not thread-safe. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    static Series of(double value) {
        Series series = new Series();
        series.add(value);
        return series;
    }

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

    List<Double> values() {
        return List.copyOf(values);
    }

    double median() {
        return quantile(values, 0.5);
    }

    /** The median of what each pair of rounds gives; rounds of a pair are neighbours in time. */
    double paired(Series other, DoubleBinaryOperator operator) {
        return pairs(other, operator).median();
    }

    /** What each pair of rounds gives. */
    Series pairs(Series other, DoubleBinaryOperator operator) {
        Series results = new Series();
        for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
            results.add(operator.applyAsDouble(values.get(i), other.values.get(i)));
        }
        return results;
    }

    /** How many times as much as the other. */
    double ratio(Series other) {
        return paired(other, (mine, others) -> mine / others);
    }

    /** The smallest and the largest. */
    String range() {
        return values.size() < 2 ? "" : Report.number(quantile(values, 0)) + " - " + Report.number(quantile(values, 1));
    }

    /** Half of the way between the quartiles: how far a round is from the median, as a rule. */
    double spread() {
        return (quantile(values, 0.75) - quantile(values, 0.25)) / 2;
    }

    /** Between the two nearest where it falls between them; not a number if there are none. */
    private static double quantile(List<Double> values, double share) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
