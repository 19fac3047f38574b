package dev.masque.examples.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of others that runs beside a test, and is killed with it. Its output is kept for the report. */
final class Peer implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final long RUN_SECONDS = 120;
    private static final Pattern READY =
            Pattern.compile("^(?:ready |listening https://\\S+:)(\\d+)\\b", Pattern.MULTILINE);

    private final Process process;
    private final Captured output;
    private final Captured errors;

    private Peer(List<String> command) {
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        output = new Captured(process.getInputStream());
        errors = new Captured(process.getErrorStream());
    }

    /**
     * What a program that ran to its end left.
     *
     * @param status its exit status
     * @param bytes its standard output
     * @param errors its standard error
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares results
    record Result(int status, byte[] bytes, String errors) {
        String output() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** Fails the test with everything that the program said, unless it ended well. */
        Result ok() {
            assertThat(status)
                    .as("%s%n%s", output().lines().limit(50).toList(), errors)
                    .isZero();
            return this;
        }
    }

    /** Runs a program to its end. */
    static Result run(List<String> command) {
        return run(command, new byte[0]);
    }

    /** Runs a program to its end and gives it something to read. */
    static Result run(List<String> command, byte[] input) {
        try (Peer peer = new Peer(command)) {
            peer.feed(input);
            return peer.await();
        }
    }

    /** Runs a program to its end; when it has said something, does something, and only then gives it something to read. */
    static Result run(List<String> command, String said, Runnable then, byte[] input) {
        try (Peer peer = new Peer(command)) {
            peer.waitFor(() -> peer.said().contains(said));
            then.run();
            peer.feed(input);
            return peer.await();
        }
    }

    /** Starts a program and waits until it says "ready" and its port, or where it listens. */
    static Peer start(List<String> command) {
        Peer peer = new Peer(command);
        peer.waitFor(() -> peer.port() > 0);
        return peer;
    }

    /** Starts a program that was told its port, and waits until that is open. */
    static Peer start(List<String> command, int port) {
        Peer peer = new Peer(command);
        peer.waitFor(() -> isOpen(port));
        return peer;
    }

    /** The port that the program said. */
    int port() {
        Matcher ready = READY.matcher(output.text());
        return ready.find() ? Integer.parseInt(ready.group(1)) : 0;
    }

    /** Gives the program a line to read, and waits until it has said something. */
    void tell(String line, String answer) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        waitFor(() -> said().contains(answer));
    }

    /** Waits until the program has said something. */
    void awaitSaid(String text) {
        waitFor(() -> said().contains(text));
    }

    /** Everything that the program has said so far. */
    String said() {
        return output.text() + errors.text();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(3, SECONDS)) {
                process.destroyForcibly().waitFor(3, SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private void feed(byte[] input) {
        CompletableFuture.runAsync(
                () -> {
                    try (OutputStream out = process.getOutputStream()) {
                        out.write(input);
                    } catch (IOException e) {
                        // it ended without reading everything: its exit status says why
                    }
                },
                task -> daemon("peer-input", task));
    }

    private Result await() {
        try {
            assertThat(process.waitFor(RUN_SECONDS, SECONDS)).as(this::said).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return new Result(process.exitValue(), output.all(), new String(errors.all(), StandardCharsets.UTF_8));
    }

    private void waitFor(java.util.function.BooleanSupplier ready) {
        long deadline = System.nanoTime() + SECONDS.toNanos(START_SECONDS);
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new AssertionError("the peer did not start: " + said());
            }
            try {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private static boolean isOpen(int port) {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes what a program says, so that it never waits for a reader. */
    private static final class Captured {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        Captured(InputStream in) {
            daemon("peer-output", () -> {
                try (in) {
                    in.transferTo(bytes);
                } catch (IOException killed) {
                    // what came until then is all there is
                } finally {
                    ended.complete(null);
                }
            });
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        byte[] all() {
            ended.completeOnTimeout(null, 5, SECONDS).join();
            return bytes.toByteArray();
        }
    }
}
