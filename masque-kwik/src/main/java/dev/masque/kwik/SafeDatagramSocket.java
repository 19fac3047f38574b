package dev.masque.kwik;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a server whose {@link #receive} never fails while the server runs: kwik ends the process with
 * {@code System.exit(9)} if it does. An error is tried again; on a closed socket the caller waits to be interrupted, which is
 * what kwik does when it shuts down. Thread-safe; {@link #close} returns when the port is free, which a thread in
 * {@code receive} delays.
 */
final class SafeDatagramSocket extends DatagramSocket {
    /** What the system is asked to hold for a socket, each way. */
    static final int BUFFER = 4 << 20;

    private static final long PAUSE = 5;
    private static final long CLOSE_MILLIS = 1_000;

    private final Object leaving = new Object();
    private final Coalesced coalesced = new Coalesced(false);
    private int receiving;

    @Nullable private volatile ReceiveBound bound;

    SafeDatagramSocket(SocketAddress address) throws SocketException {
        super(address);
        setReceiveBufferSize(BUFFER); // as much as the system allows: one socket serves all clients
        setSendBufferSize(BUFFER);
    }

    /** From now on asks whether a packet is to be passed on. */
    void bound(ReceiveBound to) {
        bound = to;
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        if (coalesced.next(packet)) {
            return;
        }
        while (true) {
            try {
                receiveNow(packet);
                ReceiveBound to = bound;
                if (to == null || to.hasRoom()) {
                    coalesced.cut(packet);
                    return;
                }
                packet.setLength(packet.getData().length - packet.getOffset());
            } catch (IOException | RuntimeException e) {
                pause();
            }
        }
    }

    private void receiveNow(DatagramPacket packet) throws IOException {
        synchronized (leaving) {
            receiving++;
        }
        try {
            super.receive(packet);
        } finally {
            synchronized (leaving) {
                receiving--;
                leaving.notifyAll();
            }
        }
    }

    @Override
    public void close() {
        super.close();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        synchronized (leaving) {
            try {
                for (long left = CLOSE_MILLIS; receiving > 0 && left > 0; ) {
                    leaving.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void pause() throws SocketException {
        try {
            do {
                TimeUnit.MILLISECONDS.sleep(isClosed() ? Long.MAX_VALUE : PAUSE);
            } while (isClosed());
        } catch (InterruptedException e) {
            throw (SocketException) new SocketException("shut down").initCause(e);
        }
    }
}
