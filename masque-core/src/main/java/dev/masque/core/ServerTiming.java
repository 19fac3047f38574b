package dev.masque.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One metric of the {@code Server-Timing} field. Immutable.
 *
 * @param name a token
 * @param milliseconds how long, if the metric says so
 */
public record ServerTiming(String name, OptionalDouble milliseconds) {
    /** The name of the field, lower case. */
    public static final String NAME = "server-timing";

    private static final int MAX_LENGTH = 8192;
    private static final Pattern METRIC = Pattern.compile("\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64})\\s*(;.*)?");
    private static final Pattern DURATION = Pattern.compile(";\\s*dur\\s*=\\s*\"?(\\d{1,12}(?:\\.\\d{1,9})?)");

    /**
     * A field value of one metric.
     *
     * @param name a token
     * @param duration how long
     * @return such as {@code proxy;dur=12.5}
     */
    public static String format(String name, Duration duration) {
        long tenths = Math.round(Math.max(0, duration.toNanos()) / 1e5); // in every response: no formatter
        return name + ";dur=" + tenths / 10 + "." + tenths % 10;
    }

    /**
     * Parses a field leniently.
     *
     * @param value the field value
     * @return the metrics that could be read, in order; none of a field over 8 KiB
     */
    public static List<ServerTiming> parse(String value) {
        List<ServerTiming> metrics = new ArrayList<>();
        if (value.length() > MAX_LENGTH) {
            return metrics;
        }
        for (String part : value.split(",")) {
            Matcher metric = METRIC.matcher(part);
            if (metric.matches()) {
                Matcher duration = DURATION.matcher(part);
                metrics.add(new ServerTiming(
                        metric.group(1),
                        duration.find()
                                ? OptionalDouble.of(Double.parseDouble(duration.group(1)))
                                : OptionalDouble.empty()));
            }
        }
        return metrics;
    }
}
