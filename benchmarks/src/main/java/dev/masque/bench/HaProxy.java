package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** HAProxy in TCP mode: a plain relay in C, one port for each target; no TLS, no HTTP, nothing to authenticate. */
final class HaProxy implements Subject {
    private final Process process;
    private final Map<Targets.Kind, Integer> ports;

    private HaProxy(Process process, Map<Targets.Kind, Integer> ports) {
        this.process = process;
        this.ports = ports;
    }

    static HaProxy start(Targets targets, Path folder) throws IOException {
        String haproxy = Programs.find("haproxy", "haproxy");
        StringBuilder configuration = new StringBuilder("""
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                """);
        Map<Targets.Kind, Integer> ports = new EnumMap<>(Targets.Kind.class);
        for (Targets.Kind kind : Targets.Kind.values()) {
            ports.put(kind, Programs.freePort());
            configuration.append("""
                    listen %s
                      bind 127.0.0.1:%d
                      server target 127.0.0.1:%d
                    """.formatted(kind, ports.get(kind), targets.port(kind)));
        }
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, configuration);
        Process process = Programs.start(
                List.of(haproxy, "-db", "-f", file.toString()),
                ports.getOrDefault(Targets.Kind.SOURCE, 0),
                folder.resolve("haproxy.log"));
        return new HaProxy(process, ports);
    }

    int port(Targets.Kind kind) {
        return ports.getOrDefault(kind, 0);
    }

    @Override
    public String name() {
        return "haproxy (plain TCP)";
    }

    @Override
    public String version() throws IOException {
        return Machine.firstLine(List.of(Programs.find("haproxy", "haproxy"), "-v"), line -> true);
    }

    @Override
    public int port() {
        return port(Targets.Kind.SOURCE);
    }

    @Override
    public HeaderFields fields() {
        return HeaderFields.empty();
    }

    @Override
    public Duration cpu() {
        return Programs.cpu(process);
    }

    @Override
    public long resident() throws IOException {
        return Programs.resident(process);
    }

    @Override
    public void close() {
        Programs.stop(process);
    }
}
