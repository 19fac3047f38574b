package dev.masque.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;

/** What UDP tunnels lead to: counts datagrams. */
final class UdpSink implements AutoCloseable {
    private static final int SYSTEM_BUFFER = 8 << 20;

    private final DatagramChannel socket;
    private final AtomicLong received = new AtomicLong();

    UdpSink() throws IOException {
        socket = DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, SYSTEM_BUFFER)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread thread = new Thread(this::run, "udp-sink");
        thread.setDaemon(true);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    long received() {
        return received.get();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
        try {
            while (true) {
                socket.receive(buffer.clear());
                received.lazySet(received.get() + 1); // one thread writes
            }
        } catch (ClosedChannelException e) {
            // close() was called
        } catch (IOException e) {
            System.err.println("the sink of datagrams: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
