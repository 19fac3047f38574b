package dev.masque.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;

/** {@code ohttp}: requests from a client through relay and gateway to a handler, and what they cost. */
@Command(
        name = "ohttp",
        description =
                "requests through relay and gateway to a handler over HTTP/2, all in one process; a stream's memory",
        mixinStandardHelpOptions = true)
final class OhttpPath extends Benchmark {
    private static final int MANY = 32;
    private static final double GROWTH_MIB = 8;

    /** Who asks in which form, and how many at a time. */
    private enum Way {
        PLAIN("without", 1),
        WHOLE("oblivious", 1),
        CHUNKED("oblivious, in chunks", 1),
        PLAIN_MANY("without", MANY),
        WHOLE_MANY("oblivious", MANY),
        CHUNKED_MANY("oblivious, in chunks", MANY);

        private final String form;
        private final int atOnce;

        Way(String form, int atOnce) {
            this.form = form;
            this.atOnce = atOnce;
        }

        String label() {
            return form + ", " + atOnce + " at a time";
        }

        void ask(OhttpRoute route) throws IOException, InterruptedException {
            switch (this) {
                case PLAIN, PLAIN_MANY -> route.askPlain();
                case WHOLE, WHOLE_MANY -> route.ask(false);
                case CHUNKED, CHUNKED_MANY -> route.ask(true);
            }
        }
    }

    /** What a round came to, beside its rate. */
    private record Sums(Series p50, Series p99, Series allocated) {
        Sums() {
            this(new Series(), new Series(), new Series());
        }
    }

    @Override
    void measure(Lab lab, Report report) throws IOException {
        try {
            OhttpRoute route = new OhttpRoute(lab);
            Map<Way, Sums> sums = new LinkedHashMap<>();
            Map<Way, Series> rates = lab.interleave("requests/s", List.of(Way.values()), (way, seconds) -> {
                try {
                    return play(route, way, seconds, sums.computeIfAbsent(way, first -> new Sums()));
                } catch (InterruptedException | ExecutionException e) {
                    throw new IOException(e);
                }
            });
            fill(lab, report, rates, sums);
            report.note(route.legs() + ".");
            growth(route, report, settings().quick() ? 64L << 20 : 1L << 30);
        } catch (java.security.GeneralSecurityException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static double play(OhttpRoute route, Way way, double seconds, Sums sums)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(way.atOnce);
        try {
            long before = allocated();
            long began = System.nanoTime();
            Callable<List<Long>> player = () -> {
                List<Long> times = new ArrayList<>();
                for (long now = began; now - began < seconds * 1e9; ) {
                    way.ask(route);
                    long then = System.nanoTime();
                    times.add(then - now);
                    now = then;
                }
                return times;
            };
            List<Future<List<Long>>> all = threads.invokeAll(
                    IntStream.range(0, way.atOnce).mapToObj(i -> player).toList());
            List<Long> times = new ArrayList<>();
            for (Future<List<Long>> one : all) {
                times.addAll(one.get());
            }
            double took = (System.nanoTime() - began) / 1e9;
            long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
            sums.p50.add(PingPong.micros(sorted, 0.5));
            sums.p99.add(PingPong.micros(sorted, 0.99));
            sums.allocated.add((allocated() - before) / 1024.0 / sorted.length);
            return sorted.length / took;
        } finally {
            threads.shutdown();
        }
    }

    /** By client, relay and gateway: by all threads there have been, which the JVM knows since 21, or else by all there are. */
    private static long allocated() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try {
            return (long) com.sun.management.ThreadMXBean.class
                    .getMethod("getTotalThreadAllocatedBytes")
                    .invoke(threads);
        } catch (ReflectiveOperationException before21) {
            return ofThoseThatLive(threads);
        }
    }

    private static long ofThoseThatLive(com.sun.management.ThreadMXBean threads) {
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private static void fill(Lab lab, Report report, Map<Way, Series> rates, Map<Way, Sums> sums) {
        report.row("", "requests/s", "range", "p50 us", "p99 us", "KiB allocated");
        rates.forEach((way, rate) -> {
            Sums sum = sums.getOrDefault(way, new Sums());
            for (Series one : List.of(sum.p50, sum.p99, sum.allocated)) {
                one.keepLast(lab.rounds());
            }
            report.row(
                    way.label(),
                    Report.number(rate.median()),
                    rate.range(),
                    Report.number(sum.p50.median()),
                    Report.number(sum.p99.median()),
                    Report.number(sum.allocated.median()));
            report.figure("requests", "1/s", way.label(), rate);
            report.figure("p99", "us", way.label(), sum.p99);
            report.figure("allocated a request", "KiB", way.label(), sum.allocated);
        });
        report.note(
                "client, relay, gateway and handler share one process and its processors; what is allocated is that of all.");
    }

    /** What a long response leaves on the heap while it passes. */
    private static void growth(OhttpRoute route, Report report, long bytes) throws IOException, InterruptedException {
        byte[] piece = new byte[1 << 16];
        long step = bytes / 8;
        Series heap = new Series();
        long passed = 0;
        try (InputStream in = route.stream(bytes)) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                passed += read;
                if (passed / step > (passed - read) / step) {
                    System.gc();
                    heap.add(ManagementFactory.getMemoryMXBean()
                                    .getHeapMemoryUsage()
                                    .getUsed()
                            / 1048576.0);
                }
            }
        }
        if (passed != bytes) {
            throw new IOException("the stream ended after " + passed + " bytes");
        }
        report.figure("heap while a stream passes", "MiB", "oblivious, in chunks", heap);
        double first = heap.values().get(0);
        report.atMost(
                "heap after " + (bytes >> 20) + " MiB in chunks, over that after the first " + (step >> 20),
                heap.values().stream().mapToDouble(used -> used - first).max().orElse(0),
                GROWTH_MIB,
                " MiB");
    }
}
