package dev.masque.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How busy others keep the machine during a run: what the processors did less what we and our children did. Linux only. */
final class Neighbours {
    private static final int FIRST_OWN = 13;
    private static final int AFTER_OWN = 17;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STOLEN = 7;

    private final long[] began = now();

    /** A sentence on the time since this was made; our children have to have ended. */
    String sentence() {
        long[] ended = now();
        long all = ended[0] - began[0];
        long others = all - (ended[1] - began[1]) - (ended[2] - began[2]);
        return all <= 0
                ? "how busy other programs kept the machine is not known here"
                : "other programs took " + Report.number(Math.max(0, 100.0 * others / all))
                        + " % of the processors' time during the run";
    }

    /** All ticks of the processors, those in which they were idle, those of this process and its children that ended. */
    private static long[] now() {
        try {
            long[] processors = numbers(Files.readString(Path.of("/proc/stat")).split("\n", 2)[0], "cpu");
            String self = Files.readString(Path.of("/proc/self/stat"));
            long[] own = numbers(self.substring(self.lastIndexOf(')') + 3), "");
            return new long[] {
                Arrays.stream(processors, 0, STOLEN + 1).sum(),
                processors[IDLE] + processors[IO_WAIT],
                Arrays.stream(own, FIRST_OWN - 3, AFTER_OWN - 3).sum()
            };
        } catch (IOException | RuntimeException notLinux) {
            return new long[3];
        }
    }

    private static long[] numbers(String line, String label) {
        return Arrays.stream(line.substring(label.length()).strip().split(" +", -1))
                .limit(AFTER_OWN) // further on there are numbers of 64 bits without sign
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
