package dev.masque.bench;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The inside of a {@link Child}: says that it is ready, answers questions, and ends with its input. Stateless. */
final class Service {
    private Service() {}

    /**
     * Runs until the input ends.
     *
     * @param port where the child listens
     * @param more what "count" asks for
     */
    static void run(int port, Supplier<String> more) throws IOException {
        System.out.println("ready " + port);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case "state" -> System.out.println("state " + state());
                case "count" -> System.out.println("count " + more.get());
                default -> System.out.println("unknown");
            }
        }
        System.exit(0);
    }

    private static String state() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + " "
                + direct() + " "
                + ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** What Netty's allocator holds outside the heap. */
    private static long direct() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : 0;
    }
}
