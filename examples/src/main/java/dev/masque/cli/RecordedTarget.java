package dev.masque.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A target that sends back what it gets, over TCP and UDP on one port, and records that and from where it came. Thread-safe. */
final class RecordedTarget implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Evidence evidence = new Evidence();

    private RecordedTarget(InetAddress address) throws IOException {
        tcp = new ServerSocket(0, 50, address);
        udp = new DatagramSocket(new InetSocketAddress(address, tcp.getLocalPort()));
    }

    static RecordedTarget start(InetAddress address) throws IOException {
        RecordedTarget target = new RecordedTarget(address);
        daemon(target::accept);
        daemon(target::echo);
        return target;
    }

    int port() {
        return tcp.getLocalPort();
    }

    Evidence evidence() {
        return evidence;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "recorded-target");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!tcp.isClosed()) {
            try {
                Socket connection = tcp.accept();
                evidence.add(
                        "address of the client", connection.getInetAddress().getHostAddress());
                daemon(() -> echo(connection));
            } catch (IOException e) {
                // of this connection, or the end
            }
        }
    }

    private void echo(Socket connection) {
        try (connection) {
            OutputStream out = connection.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int length = connection.getInputStream().read(buffer);
                    length >= 0;
                    length = connection.getInputStream().read(buffer)) {
                evidence.add("bytes", ByteBuffer.wrap(buffer, 0, length));
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // the end of this connection and of no other
        }
    }

    private void echo() {
        DatagramPacket packet = new DatagramPacket(new byte[BUFFER], BUFFER);
        while (!udp.isClosed()) {
            try {
                packet.setLength(BUFFER);
                udp.receive(packet);
                evidence.add("address of the client", packet.getAddress().getHostAddress());
                evidence.add("datagrams", ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                udp.send(packet);
            } catch (IOException e) {
                // a packet that is lost, or the end
            }
        }
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
    }
}
