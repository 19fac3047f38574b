package dev.masque.netty;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Between a client and a server over UDP, as a NAT that gives the client another address from time to time. */
final class Rebinder implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final SocketAddress server;
    private final DatagramSocket front = new DatagramSocket(0, LOOPBACK);

    @Nullable private volatile SocketAddress client;

    private volatile DatagramSocket back = new DatagramSocket(0, LOOPBACK);

    Rebinder(SocketAddress server) throws IOException {
        this.server = server;
        daemon(this::forth);
        DatagramSocket first = back;
        daemon(() -> backFrom(first));
    }

    InetSocketAddress address() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    /** From now on the server sees another address; what it sends to the old one is lost. */
    void rebind() throws IOException {
        DatagramSocket old = back;
        DatagramSocket next = new DatagramSocket(0, LOOPBACK);
        back = next;
        daemon(() -> backFrom(next));
        old.close();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "rebinder");
        thread.setDaemon(true);
        thread.start();
    }

    private void forth() {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        while (!front.isClosed()) {
            try {
                packet.setLength(2_000);
                front.receive(packet);
                client = packet.getSocketAddress();
                packet.setSocketAddress(server);
                back.send(packet);
            } catch (IOException closed) {
                // a socket was replaced, or it is over
            }
        }
    }

    private void backFrom(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        while (!socket.isClosed()) {
            try {
                packet.setLength(2_000);
                socket.receive(packet);
                SocketAddress to = client;
                if (to != null) {
                    packet.setSocketAddress(to);
                    front.send(packet);
                }
            } catch (IOException closed) {
                // a socket was replaced, or it is over
            }
        }
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
