package dev.masque.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;

/** Sends back what it gets. */
final class EchoOrigin implements AutoCloseable {
    private final ServerSocket server;

    private EchoOrigin(ServerSocket server) {
        this.server = server;
        background(this::accept);
    }

    static EchoOrigin plain() {
        try {
            return new EchoOrigin(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EchoOrigin tls(SSLContext context) throws IOException {
        return new EchoOrigin(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                background(() -> echo(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        } catch (IOException e) {
            // the other side's business
        }
    }

    static void background(Runnable task) {
        Thread thread = new Thread(task, "echo-origin");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** The same for datagrams. */
    static final class Udp implements AutoCloseable {
        private final DatagramSocket socket;

        Udp() throws IOException {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            background(() -> {
                DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
                try {
                    while (true) {
                        packet.setLength(65_535);
                        socket.receive(packet);
                        socket.send(packet);
                    }
                } catch (IOException e) {
                    socket.close();
                }
            });
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
