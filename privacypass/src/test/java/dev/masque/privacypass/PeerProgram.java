package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs that are not ours. One that this machine lacks skips the test; where CI is true in the environment it fails it.
 */
final class PeerProgram implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Path FOLDER = Path.of("target", "peers").toAbsolutePath();

    private final Process process;
    private final BufferedReader out;

    private PeerProgram(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** A role of src/test/peers/privacypass-peer.mjs, with what it needs installed when first used. */
    static PeerProgram privacyPassTs(String... arguments) throws IOException {
        return node("privacypass-peer.mjs", arguments);
    }

    /** A role of src/test/peers/primitives-peer.mjs. */
    static PeerProgram primitives(String... arguments) throws IOException {
        return node("primitives-peer.mjs", arguments);
    }

    private static PeerProgram node(String script, String... arguments) throws IOException {
        install();
        List<String> command = new ArrayList<>(List.of(program("node"), script));
        command.addAll(List.of(arguments));
        return new PeerProgram(command);
    }

    private static synchronized void install() throws IOException {
        Files.createDirectories(FOLDER);
        Path source = Path.of("src", "test", "peers");
        for (String file : new String[] {"package.json", "privacypass-peer.mjs", "primitives-peer.mjs"}) {
            Files.copy(source.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.isDirectory(FOLDER.resolve("node_modules/@cloudflare/privacypass-ts/lib"))) {
            program("node");
            run(program("npm"), "install", "--no-audit", "--no-fund", "--no-package-lock");
        }
    }

    /** Runs a program to its end. */
    static String run(String... command) throws IOException {
        Files.createDirectories(FOLDER);
        try (PeerProgram program = new PeerProgram(List.of(command))) {
            return String.join("\n", program.lines());
        }
    }

    /** All that the program prints, when it has ended well. */
    List<String> lines() throws IOException {
        List<String> lines = out.lines().toList();
        try {
            if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the program failed: " + lines);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return lines;
    }

    /** The next line that the program prints. */
    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the program has ended");
        }
        return line;
    }

    /** Gives the program lines to read. */
    void say(String... lines) {
        PrintWriter in = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        for (String line : lines) {
            in.println(line);
        }
    }

    /** The port that the program says to listen on. */
    int port() throws IOException {
        String line = out.readLine();
        if (line == null || !line.startsWith("listening ")) {
            throw new IOException("the program did not start: " + line);
        }
        return Integer.parseInt(line.substring("listening ".length()));
    }

    static String program(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseGet(() -> missing(name + " is not installed on this machine"));
    }

    private static String missing(String message) {
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            out.close();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
