package dev.masque.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A wire to a proxy, TCP and UDP, with everything on it recorded as it is: somebody who listens to the network. What comes
 * out at the far end comes from the address that is given. Thread-safe.
 */
final class WireTap implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final InetAddress from;
    private final InetSocketAddress to;
    private final Evidence evidence;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<SocketAddress, DatagramSocket> flows = new ConcurrentHashMap<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private WireTap(InetSocketAddress at, InetAddress from, InetSocketAddress to, Evidence evidence)
            throws IOException {
        this.tcp = new ServerSocket(at.getPort(), 50, at.getAddress());
        this.udp = new DatagramSocket(at);
        this.from = from;
        this.to = to;
        this.evidence = evidence;
    }

    /** Listens at one address, and goes on from another to a third. */
    static WireTap between(InetSocketAddress at, InetAddress from, InetSocketAddress to, Evidence evidence)
            throws IOException {
        WireTap tap = new WireTap(at, from, to, evidence);
        daemon(tap::accept);
        daemon(tap::forward);
        return tap;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "wire-tap");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!tcp.isClosed()) {
            try {
                Socket near = tcp.accept();
                sockets.add(near);
                Socket far = new Socket();
                sockets.add(far);
                far.bind(new InetSocketAddress(from, 0));
                far.connect(to);
                String name = "TCP " + connections.incrementAndGet();
                daemon(() -> copy(near, far, name + " there"));
                daemon(() -> copy(far, near, name + " back"));
            } catch (IOException e) {
                // of this connection, or the end
            }
        }
    }

    private void copy(Socket source, Socket sink, String where) {
        try {
            InputStream in = source.getInputStream();
            OutputStream out = sink.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                evidence.add(where, ByteBuffer.wrap(buffer, 0, length));
                out.write(buffer, 0, length);
            }
            sink.shutdownOutput();
        } catch (IOException e) {
            close(source);
            close(sink);
        }
    }

    private void forward() {
        DatagramPacket packet = new DatagramPacket(new byte[BUFFER], BUFFER);
        while (!udp.isClosed()) {
            try {
                packet.setLength(BUFFER);
                udp.receive(packet);
                DatagramSocket flow = flows.get(packet.getSocketAddress());
                if (flow == null) {
                    flow = flow(packet.getSocketAddress());
                }
                evidence.add("UDP there", ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                flow.send(new DatagramPacket(packet.getData(), packet.getLength(), to));
            } catch (IOException e) {
                // a packet that is lost, or the end
            }
        }
    }

    private DatagramSocket flow(SocketAddress client) throws IOException {
        DatagramSocket flow = new DatagramSocket(new InetSocketAddress(from, 0));
        flows.put(client, flow);
        daemon(() -> back(flow, client));
        return flow;
    }

    private void back(DatagramSocket flow, SocketAddress client) {
        DatagramPacket packet = new DatagramPacket(new byte[BUFFER], BUFFER);
        while (!flow.isClosed()) {
            try {
                packet.setLength(BUFFER);
                flow.receive(packet);
                evidence.add("UDP back", ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                udp.send(new DatagramPacket(packet.getData(), packet.getLength(), client));
            } catch (IOException e) {
                // a packet that is lost, or the end
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone
        }
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
        flows.values().forEach(DatagramSocket::close);
        sockets.forEach(WireTap::close);
    }
}
