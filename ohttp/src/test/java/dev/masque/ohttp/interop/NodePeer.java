package dev.masque.ohttp.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client, gateway and coder on {@code @hpke/core} and {@code bhttp-js}, run by Node, its packages installed when first used.
 * A machine without Node or npm skips the tests and is told; where CI is true in the environment they fail.
 */
public final class NodePeer implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("^ready (\\d+)$", Pattern.MULTILINE);
    private static final long SECONDS = 120;

    private final Process process;
    private final Captured output;
    private final Captured errors;

    private NodePeer(ProcessBuilder builder) throws IOException {
        process = builder.start();
        output = new Captured(process.getInputStream());
        errors = new Captured(process.getErrorStream());
    }

    /**
     * What the program left.
     *
     * @param status its exit status
     * @param output its standard output
     * @param errors its standard error
     */
    public record Result(int status, String output, String errors) {}

    /** Runs it to its end and gives it something to read. */
    public static Result run(String input, String... arguments) throws Exception {
        try (NodePeer peer = new NodePeer(command(arguments))) {
            CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> {
                try (OutputStream out = peer.process.getOutputStream()) {
                    out.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // it ended without reading everything: its exit status says why
                }
            });
            assertThat(peer.process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            fed.get(SECONDS, TimeUnit.SECONDS);
            return new Result(peer.process.exitValue(), peer.output.all(), peer.errors.all());
        }
    }

    /** Starts it and waits until it says its port. */
    public static NodePeer start(String... arguments) throws Exception {
        NodePeer peer = new NodePeer(command(arguments));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!READY.matcher(peer.output.text()).find()) {
            if (peer.process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                peer.close();
                return fail("the peer did not start: " + peer.errors.text());
            }
        }
        return peer;
    }

    /** The port that it said. */
    public int port() {
        Matcher ready = READY.matcher(output.text());
        assertThat(ready.find()).isTrue();
        return Integer.parseInt(ready.group(1));
    }

    /** What it has complained of so far. */
    public String complaints() {
        return errors.text();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static ProcessBuilder command(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                program("node", "nodejs"),
                Path.of("src", "test", "peers", "peer.mjs").toAbsolutePath().toString()));
        Path modules = modules();
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PEER_MODULES", modules.toString());
        return builder;
    }

    /** The folder that has node_modules, filled when first asked for. */
    private static synchronized Path modules() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "peers")).toAbsolutePath();
        Path done = folder.resolve("installed");
        if (Files.exists(done)) {
            return folder;
        }
        String npm = program("npm", "npm");
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(
                    Path.of("src", "test", "peers", file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Process install = new ProcessBuilder(npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("npm.log").toFile())
                .start();
        if (!install.waitFor(SECONDS, TimeUnit.SECONDS) || install.exitValue() != 0) {
            install.destroyForcibly();
            throw missing("packages of npm (see target/peers/npm.log)");
        }
        Files.createFile(done);
        return folder;
    }

    private static String program(String name, String debianPackage) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> missing(name + " (package " + debianPackage + ")"));
    }

    private static IllegalStateException missing(String what) {
        String message = what + " is not installed on this machine";
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }

    /** Takes what a program says, so that it never waits for a reader. */
    private static final class Captured {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        Captured(InputStream in) {
            Thread reader = new Thread(
                    () -> {
                        try (in) {
                            in.transferTo(bytes);
                        } catch (IOException killed) {
                            // what came until then is all there is
                        } finally {
                            ended.complete(null);
                        }
                    },
                    "peer-output");
            reader.setDaemon(true);
            reader.start();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        String all() {
            ended.completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
            return text();
        }
    }
}
