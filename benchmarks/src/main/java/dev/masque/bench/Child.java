package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A JVM of its own with one of our mains in it, see {@link Service}. Has the flags and class path of this JVM. */
final class Child implements Subject {
    private static final Pattern NATIVE =
            Pattern.compile(".*netty-(tcnative-boringssl|transport-native)-.*-(linux|osx|windows)-[^-]+\\.jar");

    private final String name;
    private final HeaderFields fields;
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final int port;

    private Child(String name, HeaderFields fields, Process process) throws IOException {
        this.name = name;
        this.fields = fields;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.port = Integer.parseInt(answer("ready")[0]);
    }

    /**
     * Starts one.
     *
     * @param name how the table calls it
     * @param fields what clients send
     * @param natives whether OpenSSL's TLS and epoll are on its class path
     * @param flags further flags for the JVM
     * @param main the class
     * @param arguments of the main
     */
    static Child start(
            String name, HeaderFields fields, boolean natives, List<String> flags, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(natives), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new Child(name, fields, process);
        } catch (IOException | RuntimeException e) {
            Programs.stop(process);
            throw e;
        }
    }

    private static String classPath(boolean natives) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> natives || !NATIVE.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public HeaderFields fields() {
        return fields;
    }

    @Override
    public Duration cpu() {
        return Programs.cpu(process);
    }

    @Override
    public long resident() throws IOException {
        return Programs.resident(process);
    }

    /** What its memory and threads are, after a garbage collection. */
    State state() throws IOException {
        String[] words = ask("state");
        return new State(Long.parseLong(words[0]), Long.parseLong(words[1]), Integer.parseInt(words[2]));
    }

    /** Sends a command, and takes the words of the answer. */
    String[] ask(String command) throws IOException {
        questions.write(command + "\n");
        questions.flush();
        return answer(command);
    }

    private String[] answer(String to) throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith(to)) { // what the JVM has to say, about a recording for example
            System.err.println(line);
            line = answers.readLine();
        }
        if (line == null) {
            throw new IOException(name + " has ended");
        }
        return line.substring(to.length()).strip().split(" ", -1);
    }

    @Override
    public void close() throws IOException {
        questions.close(); // the end of its input ends it, in order: Flight Recorder writes its file then
        try {
            if (process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Programs.stop(process);
    }

    /**
     * The state of a JVM after a garbage collection.
     *
     * @param heap bytes in use
     * @param direct bytes of direct buffers that Netty has taken
     * @param threads how many there are
     */
    record State(long heap, long direct, int threads) {}
}
