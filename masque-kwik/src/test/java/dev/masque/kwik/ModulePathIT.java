package dev.masque.kwik;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The jar of this module as an automatic module, beside kwik's own. */
@Timeout(60)
class ModulePathIT {
    @Test
    void theModulePathNeedsOptionsAndSaysWhich() throws Exception {
        String output = run(List.of());

        assertThat(output).contains("module dev.masque.kwik").contains("on the module path it needs the options");
        List<String> options = Stream.of(output.split("\\s+"))
                .filter(word -> word.startsWith("--add-opens="))
                .toList();
        assertThat(options).isNotEmpty();
        assertThat(run(options)).contains("module dev.masque.kwik").contains("status 200");
    }

    private static String run(List<String> options) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(options);
        command.addAll(List.of("-p", String.join(File.pathSeparator, modules())));
        command.addAll(List.of("--patch-module", "dev.masque.kwik=target/test-classes"));
        command.addAll(List.of("--add-modules", "ALL-MODULE-PATH", "-cp", String.join(File.pathSeparator, others())));
        command.addAll(List.of("--add-reads", "dev.masque.kwik=ALL-UNNAMED"));
        command.addAll(List.of("-m", "dev.masque.kwik/dev.masque.kwik.ModulePathMain"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output).isTrue();
        return output;
    }

    private static Stream<String> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    /** The jars that run: this module's own, core, kwik and what kwik needs. */
    private static List<String> modules() throws IOException {
        List<String> modules = new ArrayList<>(classPath()
                .filter(entry -> entry.matches(".*/[^/]*(kwik|agent15|hkdf|siphash|slf4j-api|jspecify)-[^/]*\\.jar")
                        || entry.matches(".*/masque-core(/target/classes/?|[^/]*\\.jar)"))
                .filter(entry -> !entry.matches(".*(tests\\.jar|masque-kwik[^/]*\\.jar)"))
                .toList());
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            built.map(Path::toString)
                    .filter(name -> name.matches(".*/masque-kwik-[^/]*\\.jar")
                            && !name.matches(".*(sources|javadoc|tests)\\.jar"))
                    .forEach(modules::add);
        }
        return modules;
    }

    /** What makes the certificate. */
    private static List<String> others() {
        return classPath()
                .filter(entry -> entry.matches(".*/bc(pkix|prov|util)-[^/]*\\.jar")
                        || entry.matches(".*/masque-core(/target/test-classes/?|-[^/]*tests\\.jar)"))
                .toList();
    }
}
