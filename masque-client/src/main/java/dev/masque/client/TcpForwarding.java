package dev.masque.client;

import dev.masque.core.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections to a local port, each through a tunnel of its own. Two blocked threads a connection. Thread-safe. */
final class TcpForwarding implements Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(TcpForwarding.class);
    private static final int CHUNK = 16 << 10;
    private static final int BACKLOG = 50;

    private final ServerSocket server;
    private final Target target;
    private final Opener opener;
    private final Executor executor;
    private final Semaphore places;
    private final Runnable onClose;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Opens the tunnel of a connection. */
    interface Opener {
        TcpTunnel open(Target target) throws IOException;
    }

    TcpForwarding(
            InetSocketAddress local,
            Target target,
            Opener opener,
            Executor executor,
            int maxConnections,
            Consumer<Forwarding> onClose)
            throws IOException {
        this.target = target;
        this.opener = opener;
        this.executor = executor;
        this.places = new Semaphore(maxConnections);
        this.onClose = () -> onClose.accept(this);
        this.server = new ServerSocket();
        try {
            server.bind(local, BACKLOG);
            executor.execute(this::accept);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                places.acquire(); // more wait in the backlog
            } catch (InterruptedException e) {
                close();
                return;
            }
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                if (server.isClosed()) { // the system took it while close() was under way
                    sockets.remove(socket);
                    abort(socket);
                    return;
                }
                executor.execute(() -> serve(socket));
            } catch (IOException | RejectedExecutionException e) {
                places.release();
                if (!server.isClosed()) {
                    LOG.debug("accept failed", e);
                    if (!pauseAfterFailure()) {
                        close();
                    }
                }
            }
        }
    }

    /** Out of descriptors, most likely: not in a tight loop. */
    private static boolean pauseAfterFailure() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            try (TcpTunnel tunnel = opener.open(target)) {
                relay(socket, tunnel);
            } catch (IOException | RejectedExecutionException e) {
                LOG.debug("a forwarded connection failed", e);
                socket.setSoLinger(true, 0); // a reset: the client is to see that this is no orderly end
            }
        } catch (IOException e) {
            LOG.debug("a forwarded connection cannot be closed", e);
        } finally {
            sockets.remove(socket);
            places.release();
        }
    }

    private void relay(Socket socket, TcpTunnel tunnel) throws IOException {
        if (server.isClosed()) {
            throw new IOException("the forwarding is closed"); // a reset, whoever closes the socket first
        }
        CompletableFuture<Void> up = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                copy(socket.getInputStream(), tunnel.outputStream());
                tunnel.shutdownOutput();
            } catch (IOException e) {
                tunnel.reset();
            } finally {
                up.complete(null);
            }
        });
        try {
            copy(tunnel.inputStream(), socket.getOutputStream());
            socket.shutdownOutput();
        } catch (IOException e) {
            tunnel.reset();
            abort(socket);
            throw e;
        } finally {
            up.join();
        }
    }

    /** Ends the other thread's read too. */
    private static void abort(Socket socket) throws IOException {
        if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            out.write(chunk, 0, count);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                abort(socket);
            }
        } catch (IOException e) {
            LOG.debug("a forwarding cannot be closed", e);
        } finally {
            onClose.run();
        }
    }
}
