package dev.masque.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a run was made on. Stateless. */
final class Machine {
    private Machine() {}

    /** Processors, memory, and system. */
    static String hardware() {
        return Runtime.getRuntime().availableProcessors() + " x " + field("/proc/cpuinfo", "model name", "processor")
                + ", " + memory() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.version")
                + " " + System.getProperty("os.arch");
    }

    /** The Java that everything of ours ran on. */
    static String java() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version");
    }

    /** How many files and sockets a process may have open. */
    static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** What of ours is measured, and the libraries under it. */
    static String software() throws IOException {
        String module = System.getProperty("masque.benchmarks", ".");
        String commit = firstLine(
                List.of("git", "-C", module, "describe", "--always", "--dirty"), line -> line.matches("[\\w.-]+"));
        return Stream.concat(
                        Stream.of(jar("masque-core") + (commit.isEmpty() ? "" : " at " + commit)),
                        Stream.of("netty-common", "netty-tcnative-classes", "netty-codec-classes-quic", "kwik")
                                .map(Machine::jar))
                .collect(Collectors.joining(", "));
    }

    private static String memory() {
        String kibibytes = field("/proc/meminfo", "MemTotal", "").replaceAll("\\D", "");
        return kibibytes.isEmpty() ? "memory unknown" : Math.round(Long.parseLong(kibibytes) / 1048576.0) + " GiB";
    }

    private static String field(String file, String name, String otherwise) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException notLinux) {
            return otherwise;
        }
    }

    /** The first line that a command prints and the filter takes; what it says of its version. */
    static String firstLine(List<String> command, Predicate<String> filter) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException notInstalled) {
            return "";
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return output.lines().filter(filter).findFirst().orElse("").strip();
    }

    /** The version that the name of a jar on the class path ends with. */
    static String jar(String artifact) {
        return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .map(entry -> String.valueOf(Path.of(entry).getFileName()))
                .filter(file -> file.matches(artifact + "-\\d.*\\.jar"))
                .map(file -> artifact + " " + file.substring(artifact.length() + 1, file.length() - ".jar".length()))
                .findFirst()
                .orElse(artifact);
    }
}
