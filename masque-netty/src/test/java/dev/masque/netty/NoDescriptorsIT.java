package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that has as many files open as it may: whoever wants a socket is told so, and gets one when there is one again. */
@ParameterizedClass(name = "{0}")
@EnumSource(SocketKind.class)
@Timeout(120)
class NoDescriptorsIT {
    private static final int DESCRIPTORS = 300;

    private final SocketKind kind;

    NoDescriptorsIT(SocketKind kind) {
        this.kind = kind;
    }

    @Test
    void saysSoAndGoesOn(@TempDir Path folder) throws Exception {
        Path shell = Path.of("/bin/sh");
        assumeTrue(Files.isExecutable(shell), "no /bin/sh, which sets the limit");
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        shell.toString(),
                        "-c",
                        "ulimit -n " + DESCRIPTORS + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+IgnoreUnrecognizedVMOptions", // the next is of Linux
                        "-XX:-UseContainerSupport", // whose compiler threads open files of the cgroup time and again
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NoDescriptors.class.getName(),
                        kind.name())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(Files.readString(output, StandardCharsets.UTF_8)).endsWith(NoDescriptors.FINE + "\n");
        } finally {
            process.destroyForcibly();
        }
    }
}
