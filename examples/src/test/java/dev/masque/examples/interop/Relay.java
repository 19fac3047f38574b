package dev.masque.examples.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nghttpx as HTTP/2 proxy with tinyproxy behind it, which makes the connections. Neither knows credentials or UDP. */
final class Relay implements AutoCloseable {
    private final Peer tinyproxy;
    private final Peer nghttpx;
    private final int port;

    private Relay(Peer tinyproxy, Peer nghttpx, int port) {
        this.tinyproxy = tinyproxy;
        this.nghttpx = nghttpx;
        this.port = port;
    }

    static Relay start(TestAuthority authority, Path folder) {
        String tiny = Peers.program("tinyproxy", "tinyproxy-bin");
        String nghttp = Peers.program("nghttpx", "nghttp2-proxy");
        int behind = freePort();
        Peer tinyproxy = Peer.start(List.of(tiny, "-d", "-c", configuration(folder, behind)), behind);
        try {
            int port = freePort();
            Peer nghttpx = Peer.start(
                    List.of(
                            nghttp,
                            "--conf=/dev/null",
                            "--no-ocsp",
                            "--workers=1",
                            "--backend-connections-per-host=200",
                            "--http2-proxy",
                            "-f127.0.0.1," + port,
                            "-b127.0.0.1," + behind,
                            authority.key(),
                            authority.certificate()),
                    port);
            return new Relay(tinyproxy, nghttpx, port);
        } catch (RuntimeException | Error e) {
            tinyproxy.close();
            throw e;
        }
    }

    /** Host and port of the HTTP/2 proxy. */
    String address() {
        return "localhost:" + port;
    }

    @Override
    public void close() {
        nghttpx.close();
        tinyproxy.close();
    }

    /** A port for programs that cannot choose one and say so; another process might take it first. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String configuration(Path folder, int port) {
        try {
            Path file = folder.resolve("tinyproxy.conf");
            Files.writeString(file, """
                    Port %d
                    Listen 127.0.0.1
                    Allow 127.0.0.1
                    Timeout 600
                    MaxClients 200
                    LogLevel Warning
                    PidFile "%s"
                    """.formatted(port, folder.resolve("tinyproxy.pid")));
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
