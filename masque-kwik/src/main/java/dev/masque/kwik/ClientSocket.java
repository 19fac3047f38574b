package dev.masque.kwik;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.impl.QuicClientConnectionImpl;
import tech.kwik.core.receive.Receiver;

/**
 * The socket of a client. Connected, so that ICMP errors are seen and nobody else is heard; or a tunnel in the place of one.
 * Kwik keeps what it has received and
 * not processed without bound: with too much of that, packets are dropped here. Thread-safe.
 */
class ClientSocket extends DatagramSocket {
    private static final Field RECEIVER = Kwik.field(QuicClientConnectionImpl.class, "receiver");
    private static final Field RECEIVED = Kwik.field(Receiver.class, "receivedPacketsQueue");

    private final Coalesced coalesced = new Coalesced(true);

    private final InetSocketAddress peer;

    @Nullable private final TunnelPackets tunnel;

    @Nullable private volatile Queue<?> received;

    private volatile long dropped;

    ClientSocket(SocketAddress server) throws SocketException {
        tunnel = null;
        peer = (InetSocketAddress) server;
        // as much as the system allows: kwik never sends a MAX_DATA again that is lost
        setReceiveBufferSize(SafeDatagramSocket.BUFFER);
        setSendBufferSize(SafeDatagramSocket.BUFFER);
        connect(server);
    }

    /** In a tunnel, in which the server has that address. */
    ClientSocket(TunnelPackets tunnel, InetSocketAddress server) throws SocketException {
        super((SocketAddress) null);
        this.tunnel = tunnel;
        this.peer = server;
    }

    /** From now on looks at what a connection keeps. */
    final void bound(QuicClientConnectionImpl connection) {
        bound((Queue<?>) Kwik.get(RECEIVED, Kwik.get(RECEIVER, connection)));
    }

    final void bound(Queue<?> queue) {
        received = queue;
    }

    /** How many packets were dropped. */
    final long dropped() {
        return dropped;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread receives
    public void receive(DatagramPacket packet) throws IOException {
        if (coalesced.next(packet)) {
            return;
        }
        int room = packet.getLength();
        next(packet);
        for (Queue<?> queue = received; queue != null && queue.size() >= ReceiveBound.PACKETS; ) {
            dropped++;
            packet.setLength(room);
            next(packet);
        }
        coalesced.cut(packet);
    }

    private void next(DatagramPacket packet) throws IOException {
        if (tunnel == null) {
            super.receive(packet);
        } else {
            tunnel.receive(packet, peer);
        }
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        if (tunnel == null) {
            super.send(packet);
        } else {
            tunnel.send(packet);
        }
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return tunnel == null ? super.getLocalSocketAddress() : new InetSocketAddress(0);
    }

    @Override
    public void close() {
        super.close();
        if (tunnel != null) { // DatagramSocket's constructor may come here
            tunnel.close();
        }
    }
}
