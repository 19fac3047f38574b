package dev.masque.netty;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An address from which packets seem to come, and which never answers what it gets. */
final class Spoofer implements AutoCloseable {
    private static final int LONG_HEADER = 0x80;

    final AtomicLong sent = new AtomicLong();
    final AtomicLong received = new AtomicLong();
    final AtomicLong retries = new AtomicLong();

    /** The connection ids that the server has made. */
    final Set<ByteBuffer> connections = ConcurrentHashMap.newKeySet();

    final BlockingQueue<byte[]> packets = new LinkedBlockingQueue<>();

    private final InetSocketAddress server;
    private final DatagramSocket socket;

    /** One on loopback, of which there are many. */
    Spoofer(InetSocketAddress server, int address) throws IOException {
        this.server = server;
        byte[] loopback = {127, 0, 0, (byte) address};
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(loopback), 0));
        socket.setReceiveBufferSize(4 << 20);
        Thread thread = new Thread(this::receive, "spoofer");
        thread.setDaemon(true);
        thread.start();
    }

    void send(byte[] data) throws IOException {
        sent.addAndGet(data.length);
        socket.send(new DatagramPacket(data, data.length, server));
    }

    /** The next packet that came. */
    byte @Nullable [] next() throws InterruptedException {
        return packets.poll(10, TimeUnit.SECONDS);
    }

    static boolean isRetry(byte[] packet) {
        return isOfVersion1(packet) && (packet[0] >> 4 & 3) == 3;
    }

    static boolean isInitial(byte[] packet) {
        return isOfVersion1(packet) && (packet[0] >> 4 & 3) == 0;
    }

    private static boolean isOfVersion1(byte[] packet) {
        return (packet[0] & LONG_HEADER) != 0 && ByteBuffer.wrap(packet).getInt(1) == 1;
    }

    private void receive() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
                socket.receive(packet);
                received.addAndGet(packet.getLength());
                byte[] data = Arrays.copyOf(packet.getData(), packet.getLength());
                if (isRetry(data)) {
                    retries.incrementAndGet();
                } else if (isInitial(data)) {
                    int from = 6 + data[5];
                    connections.add(ByteBuffer.wrap(data, from + 1, data[from]));
                }
                packets.add(data);
            }
        } catch (IOException closed) {
            // over
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
