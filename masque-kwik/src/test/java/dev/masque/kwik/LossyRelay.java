package dev.masque.kwik;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A path between one client and a server on which packets get lost, both ways. */
final class LossyRelay implements AutoCloseable {
    final AtomicLong passed = new AtomicLong();
    final AtomicLong lost = new AtomicLong();
    volatile double loss;

    /** What becomes of a packet on its way to the server. */
    volatile UnaryOperator<byte[]> forth = packet -> packet;

    private final DatagramSocket front = socket();
    private final DatagramSocket back = socket();
    private final SocketAddress server;

    @Nullable private volatile SocketAddress client;

    LossyRelay(SocketAddress server) throws IOException {
        this.server = server;
        start(() -> pump(front, back, new SplittableRandom(1), true));
        start(() -> pump(back, front, new SplittableRandom(2), false));
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setReceiveBufferSize(4 << 20);
        return socket;
    }

    private static void start(Runnable pump) {
        Thread thread = new Thread(pump, "lossy-relay");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), front.getLocalPort());
    }

    private void pump(DatagramSocket from, DatagramSocket to, SplittableRandom random, boolean forward) {
        byte[] buffer = new byte[2_000];
        try {
            while (!from.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                from.receive(packet);
                if (forward) {
                    client = packet.getSocketAddress();
                }
                SocketAddress next = forward ? server : client;
                if (next == null || random.nextDouble() < loss) {
                    lost.incrementAndGet();
                    continue;
                }
                passed.incrementAndGet();
                byte[] data = Arrays.copyOf(buffer, packet.getLength());
                byte[] sent = forward ? forth.apply(data) : data;
                to.send(new DatagramPacket(sent, sent.length, next));
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
