package dev.masque.examples.interop;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A TCP target for one connection, which it echoes or resets; knows how it ended. */
final class OneConnection implements AutoCloseable {
    private static final long SECONDS = 20;

    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<Boolean> reset = new CompletableFuture<>();

    private OneConnection(boolean resets) throws IOException {
        Thread thread = new Thread(() -> serve(resets), "one-connection");
        thread.setDaemon(true);
        thread.start();
    }

    /** One that sends back what comes. */
    static OneConnection echoing() throws IOException {
        return new OneConnection(false);
    }

    /** One that resets the connection after the first byte. */
    static OneConnection resetting() throws IOException {
        return new OneConnection(true);
    }

    String authority() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Waits for the end of the connection: whether it was a reset from the other side. */
    boolean wasReset() {
        return reset.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    private void serve(boolean resets) {
        try (Socket connection = socket.accept()) {
            InputStream in = connection.getInputStream();
            if (resets) {
                connection.setSoLinger(true, 0);
                int first = in.read();
                reset.complete(first < 0);
            } else {
                in.transferTo(connection.getOutputStream());
                reset.complete(false);
            }
        } catch (IOException e) {
            reset.complete(true);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
