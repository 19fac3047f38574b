package dev.masque.bench;

/**
 * One figure of one subject, as it is written for machines and drawn.
 *
 * @param measure what was measured, such as {@code download, 32 streams}
 * @param unit such as {@code MiB/s}; figures of one unit share a chart
 * @param subject of whom
 * @param tunnels how many tunnels stood meanwhile; 0 where that is not what the benchmark changes
 * @param values one a round
 */
record Figure(String measure, String unit, String subject, int tunnels, Series values) {}
