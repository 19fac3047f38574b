package dev.masque.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Passes UDP packets on between one client and a port of loopback, late, and loses some of those to the port. */
final class LossyPath implements AutoCloseable {
    private final DatagramChannel front = DatagramChannel.open();
    private final DatagramChannel back = DatagramChannel.open();
    private final long delayNanos;
    private final double loss;
    private final Random random = new Random(1);
    private final ArrayDeque<Late> toPort = new ArrayDeque<>();
    private final ArrayDeque<Late> toClient = new ArrayDeque<>();

    @Nullable private SocketAddress client;

    private volatile boolean closed;

    /**
     * Starts one.
     *
     * @param port where to
     * @param delayNanos in each direction
     * @param loss the share that is lost, 0 to 1
     */
    LossyPath(int port, long delayNanos, double loss) throws IOException {
        this.delayNanos = delayNanos;
        this.loss = loss;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        front.bind(new InetSocketAddress(loopback, 0)).configureBlocking(false);
        back.connect(new InetSocketAddress(loopback, port)).configureBlocking(false);
        Thread thread = new Thread(this::run, "lossy-path");
        thread.setDaemon(true);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) front.getLocalAddress()).getPort();
    }

    /**
     * A packet that waits.
     *
     * @param due when it goes
     * @param data its payload
     */
    private record Late(long due, ByteBuffer data) {}

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
        while (!closed) {
            try {
                boolean idle = true;
                SocketAddress from = front.receive(buffer.clear());
                if (from != null) {
                    client = from;
                    idle = false;
                    if (random.nextDouble() >= loss) {
                        toPort.add(late(buffer));
                    }
                }
                if (back.receive(buffer.clear()) != null) {
                    idle = false;
                    toClient.add(late(buffer));
                }
                idle &= !pass(toPort, back, null);
                SocketAddress to = client;
                idle &= to == null || !pass(toClient, front, to);
                if (idle) {
                    LockSupport.parkNanos(50_000);
                }
            } catch (IOException e) {
                if (!closed) {
                    System.err.println("the lossy path: " + e);
                }
            }
        }
    }

    private Late late(ByteBuffer buffer) {
        buffer.flip();
        return new Late(
                System.nanoTime() + delayNanos,
                ByteBuffer.allocate(buffer.remaining()).put(buffer).flip());
    }

    private static boolean pass(ArrayDeque<Late> queue, DatagramChannel socket, @Nullable SocketAddress to)
            throws IOException {
        Late first = queue.peek();
        if (first == null || first.due() - System.nanoTime() > 0) {
            return false;
        }
        queue.remove();
        if (to == null) {
            socket.write(first.data());
        } else {
            socket.send(first.data(), to);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        front.close();
        back.close();
    }
}
