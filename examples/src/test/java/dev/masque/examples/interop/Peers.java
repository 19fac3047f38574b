package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The independent programs that the tests talk to. One that this machine lacks skips the test and is named in the report;
 * where CI is true in the environment it fails the test.
 */
final class Peers {
    private static final Duration BUILD = Duration.ofMinutes(5);
    private static final Pattern CURL_VERSION = Pattern.compile("^curl (\\d+)\\.(\\d+)");

    private static boolean quicGoIsBuilt;
    private static boolean nettyIsBuilt;

    private Peers() {}

    /** curl 8.7 or newer, which speaks HTTP/2 to proxies. */
    static String curl() {
        String curl = program("curl", "curl");
        Matcher version = CURL_VERSION.matcher(output(curl, "--version"));
        boolean recent =
                version.find() && Integer.parseInt(version.group(1)) * 100 + Integer.parseInt(version.group(2)) >= 807;
        return recent && output(curl, "--version").contains("HTTP2")
                ? curl
                : missing("curl 8.7 with HTTP/2 (bookworm-backports)");
    }

    /** The command line of our own command, to be a process of its own. */
    static List<String> masque(String... arguments) {
        return command(
                List.of(
                        java(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.masque.cli.Masque"),
                arguments);
    }

    /** The command line of one of the Node programs of src/test/peers. */
    static List<String> node(String script, String... arguments) {
        return command(
                List.of(program("node", "nodejs"), peersFolder().resolve(script).toString()), arguments);
    }

    /** The command line of the quic-go program of src/test/peers, built when first used. */
    static synchronized List<String> quicGo(String... arguments) {
        Path binary = Path.of("target", "peers", "quicgo-peer").toAbsolutePath();
        if (!quicGoIsBuilt) { // go itself sees what has changed
            buildQuicGo(binary);
            quicGoIsBuilt = true;
        }
        return command(List.of(binary.toString()), arguments);
    }

    /** The command line of Netty's codec for Oblivious HTTP, whose jars the build puts beside the tests. */
    static synchronized List<String> nettyOhttp(String... arguments) {
        Path folder = Path.of("target", "peers", "netty-ohttp").toAbsolutePath();
        String classPath = String.join(
                File.pathSeparator, folder.toString(), folder + "/*", System.getProperty("java.class.path"));
        if (!nettyIsBuilt) {
            if (!Files.isDirectory(folder)) {
                missing("Netty's codec for Oblivious HTTP (mvn pre-integration-test)");
            }
            try (Stream<Path> jars = Files.list(folder)) {
                String all = jars.filter(jar -> jar.toString().endsWith(".jar"))
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator));
                String source = peersFolder().resolve("NettyOhttpPeer.java").toString();
                int status = ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "-nowarn",
                                "-proc:none",
                                "-d",
                                folder.toString(),
                                "-cp",
                                all + File.pathSeparator + System.getProperty("java.class.path"),
                                source);
                assertThat(status).as("javac " + source).isZero();
            } catch (IOException e) {
                fail(e);
            }
            nettyIsBuilt = true;
        }
        return command(
                List.of(java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath, "NettyOhttpPeer"),
                arguments);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A program of the PATH or of the folders for administrators. */
    static String program(String name, String debianPackage) {
        List<String> folders =
                new ArrayList<>(Arrays.asList(System.getenv("PATH").split(":", -1)));
        folders.addAll(List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/go-1.23/bin"));
        return folders.stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseGet(() -> missing(name + " (package " + debianPackage + ")"));
    }

    /** Skips the test, or fails it in CI. */
    static String missing(String what) {
        String message = what + " is not installed on this machine";
        if ("true".equals(System.getenv("CI"))) {
            return fail(message);
        }
        return abort(message);
    }

    private static void buildQuicGo(Path binary) {
        String go = program("go", "golang-1.23-go");
        Path workspace = Path.of("/usr/share/gocode");
        if (!Files.isDirectory(workspace.resolve("src/github.com/quic-go/quic-go/http3"))) {
            missing("quic-go (package golang-github-lucas-clemente-quic-go-dev)");
        }
        try {
            Files.createDirectories(binary.getParent());
            Path cache = Files.createDirectories(binary.resolveSibling("gocache"));
            Process build = builder(go, workspace, cache, binary).start();
            String log = new String(build.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(build.waitFor(BUILD.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            assertThat(build.exitValue()).as(log).isZero();
        } catch (IOException e) {
            fail("go does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted", e);
        }
    }

    private static ProcessBuilder builder(String go, Path workspace, Path cache, Path binary) {
        ProcessBuilder builder = new ProcessBuilder(go, "build", "-o", binary.toString(), ".")
                .directory(peersFolder().resolve("quicgo-peer").toFile())
                .redirectErrorStream(true);
        builder.environment().put("GO111MODULE", "off");
        builder.environment().put("GOPATH", workspace.toString());
        builder.environment().put("GOCACHE", cache.toString());
        builder.environment().put("GOFLAGS", "");
        return builder;
    }

    private static Path peersFolder() {
        Path folder = Path.of("src", "test", "peers").toAbsolutePath();
        assertThat(folder).as("tests run in the folder of their module").isDirectory();
        return folder;
    }

    private static List<String> command(List<String> start, String... arguments) {
        List<String> command = new ArrayList<>(start);
        command.addAll(List.of(arguments));
        return command;
    }

    private static String output(String... command) {
        return Peer.run(List.of(command)).output();
    }
}
