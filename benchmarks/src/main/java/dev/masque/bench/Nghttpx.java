package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** nghttpx as HTTP/2 proxy with tinyproxy behind it, which makes the connections; with windows as large as ours. */
final class Nghttpx implements Subject {
    private final Process tinyproxy;
    private final Process nghttpx;
    private final int port;

    private Nghttpx(Process tinyproxy, Process nghttpx, int port) {
        this.tinyproxy = tinyproxy;
        this.nghttpx = nghttpx;
        this.port = port;
    }

    static Nghttpx start(Identity identity, Path folder) throws IOException {
        String tiny = Programs.find("tinyproxy", "tinyproxy-bin");
        String nghttp = Programs.find("nghttpx", "nghttp2-proxy");
        int behind = Programs.freePort();
        Path configuration = folder.resolve("tinyproxy.conf");
        Files.writeString(configuration, """
                Port %d
                Listen 127.0.0.1
                Allow 127.0.0.1
                Timeout 600
                MaxClients 20000
                LogLevel Critical
                PidFile "%s"
                """.formatted(behind, folder.resolve("tinyproxy.pid")));
        Process tinyproxy = Programs.start(
                List.of(tiny, "-d", "-c", configuration.toString()), behind, folder.resolve("tinyproxy.log"));
        try {
            int port = Programs.freePort();
            Process nghttpx = Programs.start(
                    List.of(
                            nghttp,
                            "--conf=/dev/null",
                            "--no-ocsp",
                            "--log-level=ERROR",
                            "--workers=" + Runtime.getRuntime().availableProcessors(),
                            "--backend-connections-per-host=20000",
                            "--backend-read-timeout=1h", // a tunnel waits while others are measured
                            "--backend-write-timeout=1h",
                            "--frontend-http2-read-timeout=1h",
                            "--frontend-write-timeout=1h",
                            "--frontend-http2-window-size=1M",
                            "--frontend-http2-connection-window-size=4M",
                            "--frontend-http2-max-concurrent-streams=20000",
                            "--http2-proxy",
                            "-f127.0.0.1," + port,
                            "-b127.0.0.1," + behind,
                            identity.key().toString(),
                            identity.certificate().toString()),
                    port,
                    folder.resolve("nghttpx.log"));
            return new Nghttpx(tinyproxy, nghttpx, port);
        } catch (IOException | RuntimeException e) {
            Programs.stop(tinyproxy);
            throw e;
        }
    }

    @Override
    public String name() {
        return "nghttpx + tinyproxy";
    }

    @Override
    public String version() throws IOException {
        return Machine.firstLine(List.of(Programs.find("nghttpx", "nghttp2-proxy"), "--version"), line -> true) + ", "
                + Machine.firstLine(List.of(Programs.find("tinyproxy", "tinyproxy-bin"), "-v"), line -> true);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public HeaderFields fields() {
        return HeaderFields.empty();
    }

    @Override
    public Duration cpu() {
        return Programs.cpu(nghttpx).plus(Programs.cpu(tinyproxy));
    }

    @Override
    public long resident() throws IOException {
        return Programs.resident(nghttpx) + Programs.resident(tinyproxy);
    }

    @Override
    public void close() {
        Programs.stop(nghttpx);
        Programs.stop(tinyproxy);
    }
}
