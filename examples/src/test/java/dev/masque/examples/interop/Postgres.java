package dev.masque.examples.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server of its own on loopback, with TLS, for the user "masque"; its data is deleted with it. */
final class Postgres implements AutoCloseable {
    static final String USER = "masque";

    private final Path data;
    private final Peer server;
    private final int port;

    private Postgres(Path data, Peer server, int port) {
        this.data = data;
        this.server = server;
        this.port = port;
    }

    static Postgres start(TestAuthority authority) throws IOException {
        Path programs = programs();
        Path data = Files.createTempDirectory("masque-postgres");
        try {
            if (isRoot()) { // as whom it refuses to run
                Peer.run(List.of("chown", "postgres", data.toString())).ok();
            }
            Peer.run(asItsUser(
                            programs.resolve("initdb").toString(), "-D", data.toString(), "-U", USER, "--auth=trust"))
                    .ok();
            install(authority.certificate(), data.resolve("server.crt"));
            install(authority.key(), data.resolve("server.key"));
            int port = Relay.freePort();
            List<String> command = asItsUser(
                    programs.resolve("postgres").toString(),
                    "-D",
                    data.toString(),
                    "-k",
                    data.toString(),
                    "-h",
                    "127.0.0.1",
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "ssl=on");
            return new Postgres(data, Peer.start(command, port), port);
        } catch (RuntimeException | AssertionError e) {
            delete(data);
            throw e;
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        server.close();
        delete(data);
    }

    private static Path programs() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> found = Files.list(versions)) {
                for (Path version : found.sorted().toList()) {
                    if (Files.isExecutable(version.resolve("bin/initdb"))) {
                        return version.resolve("bin");
                    }
                }
            }
        }
        return Path.of(Peers.missing("PostgreSQL (package postgresql)"));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> asItsUser(String... command) {
        List<String> all = new ArrayList<>(isRoot() ? List.of("runuser", "-u", "postgres", "--") : List.of());
        all.addAll(List.of(command));
        return all;
    }

    private static void install(String from, Path to) {
        List<String> command = new ArrayList<>(List.of("install", "-m", "600"));
        if (isRoot()) {
            command.addAll(List.of("-o", "postgres"));
        }
        command.addAll(List.of(from, to.toString()));
        Peer.run(command).ok();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
