package dev.masque.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** What UDP tunnels lead to: sends datagrams back. */
final class UdpEcho implements AutoCloseable {
    private static final int SYSTEM_BUFFER = 8 << 20;

    private final DatagramChannel socket;

    UdpEcho() throws IOException {
        socket = DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, SYSTEM_BUFFER)
                .setOption(StandardSocketOptions.SO_SNDBUF, SYSTEM_BUFFER)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread thread = new Thread(this::run, "udp-echo");
        thread.setDaemon(true);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
        try {
            while (true) {
                SocketAddress from = socket.receive(buffer.clear());
                socket.send(buffer.flip(), from);
            }
        } catch (ClosedChannelException e) {
            // close() was called
        } catch (IOException e) {
            System.err.println("the echo of datagrams: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
