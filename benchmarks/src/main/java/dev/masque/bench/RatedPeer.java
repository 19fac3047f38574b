package dev.masque.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Software of others in a process of its own, which does as much of something as it is told to. For one thread. */
final class RatedPeer implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private RatedPeer(String name, List<String> command, Path folder) throws IOException {
        this.name = name;
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        try {
            answer();
        } catch (IOException e) {
            Programs.stop(process);
            throw e;
        }
    }

    /** privacypass-ts on Node.js; installs it with npm when it is not there. */
    static RatedPeer tokens() throws IOException {
        return node("privacypass-ts", "", "privacypass-speed.mjs", "@cloudflare/privacypass-ts");
    }

    /** The packages of hpke-js on Node.js; installs them with npm when they are not there. */
    static RatedPeer hpkeJs() throws IOException {
        return node("hpke-js", "hpke", "hpke-speed.mjs", "@hpke/dhkem-x25519");
    }

    private static RatedPeer node(String name, String subfolder, String script, String probe) throws IOException {
        Path source = module().resolve("peers").resolve(subfolder);
        Path folder = Files.createDirectories(module().resolve("target/peers").resolve(subfolder));
        for (String file : new String[] {"package.json", script}) {
            Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        String node = Programs.find("node", "nodejs");
        if (!Files.isDirectory(folder.resolve("node_modules").resolve(probe))) {
            install(
                    List.of(Programs.find("npm", "npm"), "install", "--no-audit", "--no-fund", "--no-package-lock"),
                    folder,
                    "npm could not install it");
        }
        return new RatedPeer(name, List.of(node, script), folder);
    }

    /** Netty's HPKE on BoringSSL; has Maven fetch its jars when they are not there: as dependencies they do not resolve. */
    static RatedPeer nettyHpke() throws IOException {
        Path folder = Files.createDirectories(module().resolve("target/peers/netty-ohttp"));
        try (var jars = Files.list(folder)) {
            if (jars.count() < 3) {
                install(
                        List.of(Programs.find("mvn", "maven"), "-B", "-q", "-ntp", "dependency:copy@netty-ohttp"),
                        module(),
                        "Maven could not fetch its jars");
            }
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        String classPath = folder + "/*" + File.pathSeparator + System.getProperty("java.class.path");
        Path source = module().resolve("peers/hpke/NettyHpkeSpeed.java").toAbsolutePath();
        command.addAll(List.of("-XX:+UseParallelGC", "-cp", classPath, source.toString()));
        return new RatedPeer("Netty on BoringSSL", command, Path.of("").toAbsolutePath());
    }

    private static Path module() {
        return Path.of(System.getProperty("masque.benchmarks", ".")).toAbsolutePath();
    }

    private static void install(List<String> command, Path folder, String failure) throws IOException {
        Process installer = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (installer.onExit().join().exitValue() != 0) {
            throw new MissingProgramException(failure);
        }
    }

    /** Operations a second of its processor time. */
    double rate(String operation, double seconds) throws IOException {
        orders.println(operation + " " + seconds);
        return Double.parseDouble(answer());
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " has ended");
        }
        return line;
    }

    @Override
    public void close() {
        Programs.stop(process);
    }
}
