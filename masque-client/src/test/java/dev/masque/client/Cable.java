package dev.masque.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire between client and proxy that a test can cut, or leave in place without a bit getting through. */
final class Cable implements AutoCloseable {
    final List<Socket> connections = new CopyOnWriteArrayList<>();

    /** Bytes still arrive here, and go nowhere. */
    volatile boolean dead;

    private final ServerSocket listener;
    private final int proxyPort;

    Cable(int proxyPort) throws IOException {
        this.proxyPort = proxyPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        EchoOrigin.background(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listener.accept();
                Socket far = new Socket();
                far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort));
                connections.add(near);
                connections.add(far);
                EchoOrigin.background(() -> carry(near, far));
                EchoOrigin.background(() -> carry(far, near));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] chunk = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (!dead) {
                    out.write(chunk, 0, count);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            abort(to);
        }
    }

    /** What is connected breaks; what comes later works. */
    void cut() {
        connections.forEach(Cable::abort);
        connections.clear();
    }

    private static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // closed already
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
