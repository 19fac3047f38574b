package dev.masque.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** privacypass-ts on Node.js, which does as much of something as it is told to. For one thread. */
final class TokenPeer implements AutoCloseable {
    private static final String SCRIPT = "privacypass-speed.mjs";

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private TokenPeer(Process process) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    /** Installs it with npm when it is not there. */
    static TokenPeer start() throws IOException {
        Path module = Path.of(System.getProperty("masque.benchmarks", "."));
        Path folder = Files.createDirectories(module.resolve("target/peers"));
        for (String file : new String[] {"package.json", SCRIPT}) {
            Files.copy(
                    module.resolve("peers").resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        String node = Programs.find("node", "nodejs");
        if (!Files.isDirectory(folder.resolve("node_modules/@cloudflare/privacypass-ts/lib"))) {
            Process npm = new ProcessBuilder(
                            Programs.find("npm", "npm"), "install", "--no-audit", "--no-fund", "--no-package-lock")
                    .directory(folder.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (npm.onExit().join().exitValue() != 0) {
                throw new MissingProgramException("npm could not install it");
            }
        }
        TokenPeer peer = new TokenPeer(new ProcessBuilder(node, SCRIPT)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        peer.answer();
        return peer;
    }

    /** Operations a second of its processor time. */
    double rate(String operation, double seconds) throws IOException {
        orders.println(operation + " " + seconds);
        return Double.parseDouble(answer());
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("privacypass-ts has ended");
        }
        return line;
    }

    @Override
    public void close() {
        Programs.stop(process);
    }
}
