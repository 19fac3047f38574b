package dev.masque.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rates and what they cost in processor time of the proxy, by contender.
 *
 * @param rates a second
 * @param costs CPU seconds for one
 */
record Costs(Map<Contender, Series> rates, Map<Contender, Series> costs) {
    /** A rate, measured for so many seconds. */
    interface Rate {
        double of(Contender contender, double seconds) throws IOException;
    }

    /** Measures contenders in turn. */
    static Costs measure(Lab lab, Field field, String what, List<Contender> contenders, Rate measure)
            throws IOException {
        Map<Contender, Series> costs = new HashMap<>();
        Map<Contender, Series> rates = lab.interleave(what, contenders, (contender, seconds) -> {
            Subject subject = field.subject(contender);
            long before = subject.cpu().toNanos();
            long began = System.nanoTime();
            double rate = measure.of(contender, seconds);
            double done = rate * (System.nanoTime() - began) / 1e9;
            costs.computeIfAbsent(contender, first -> new Series())
                    .add((subject.cpu().toNanos() - before) / 1e9 / done);
            return rate;
        });
        costs.values().forEach(series -> series.keepLast(lab.rounds()));
        return new Costs(rates, costs);
    }

    Series rate(Contender contender) {
        return rates.getOrDefault(contender, new Series());
    }

    Series cost(Contender contender) {
        return costs.getOrDefault(contender, new Series());
    }

    /** How many times as fast as the other. */
    double ratio(Contender contender, Contender other) {
        return rate(contender).ratio(rate(other));
    }

    /** How many times as much for the same processor time. */
    double frugality(Contender contender, Contender other) {
        return cost(other).ratio(cost(contender));
    }
}
