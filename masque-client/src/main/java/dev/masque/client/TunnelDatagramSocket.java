package dev.masque.client;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A UDP tunnel that looks like a connected socket. Thread-safe. */
final class TunnelDatagramSocket extends DatagramSocket {
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final UdpTunnel tunnel;
    private final UdpBridge bridge;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final KeptOptions options = new KeptOptions(KeptOptions.UDP);

    private volatile int timeout;

    TunnelDatagramSocket(UdpTunnel tunnel, UdpBridge bridge, InetSocketAddress local) {
        super(new NoDatagrams());
        this.tunnel = tunnel;
        this.bridge = bridge;
        this.local = local;
        this.remote = new InetSocketAddress(
                Placeholder.address(tunnel.target()), tunnel.target().port());
    }

    private void checkOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("socket is closed");
        }
    }

    /** Drops what is too large now, as a path does. */
    @Override
    public void send(DatagramPacket packet) throws IOException {
        byte[] data;
        int offset;
        int length;
        synchronized (packet) { // as DatagramSocket does: a packet may be shared
            if (packet.getAddress() != null && !remote.equals(packet.getSocketAddress())) {
                throw new IllegalArgumentException("connected to another address");
            }
            data = packet.getData();
            offset = packet.getOffset();
            length = packet.getLength();
        }
        checkOpen();
        bridge.send(ByteBuffer.wrap(data, offset, length));
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        checkOpen();
        Duration wait = timeout == 0 ? FOR_EVER : Duration.ofMillis(timeout);
        ByteBuffer payload = bridge.receive(wait).orElseThrow(() -> new SocketTimeoutException("receive timed out"));
        synchronized (packet) {
            byte[] data = packet.getData();
            int offset = packet.getOffset();
            int length = Math.min(payload.remaining(), data.length - offset); // the rest is lost, as in UDP
            payload.get(data, offset, length);
            packet.setLength(length);
            packet.setSocketAddress(remote);
        }
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws SocketException {
        // also called by the constructor of DatagramSocket on some versions, before there is anything here
    }

    @Override
    public void connect(InetAddress address, int port) {
        if (!new InetSocketAddress(address, port).equals(remote)) {
            throw new IllegalArgumentException("connected to another address");
        }
    }

    @Override
    public void connect(SocketAddress address) throws SocketException {
        checkOpen();
        if (!remote.equals(address)
                && !Placeholder.socketAddress(tunnel.target()).equals(address)) {
            throw new SocketException("already connected");
        }
    }

    /** No effect: a tunnel has one target. */
    @Override
    public void disconnect() {}

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public InetAddress getInetAddress() {
        return remote.getAddress();
    }

    @Override
    public int getPort() {
        return remote.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public InetAddress getLocalAddress() {
        InetAddress address = local.getAddress();
        return address == null ? InetAddress.getLoopbackAddress() : address;
    }

    @Override
    public int getLocalPort() {
        return isClosed() ? -1 : local.getPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new InetSocketAddress(getLocalAddress(), local.getPort());
    }

    @Override
    @SuppressWarnings("NullAway") // as documented for sockets that were not made by a channel
    public DatagramChannel getChannel() {
        return null;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        checkOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout is negative");
        }
        timeout = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        checkOpen();
        return timeout;
    }

    @Override
    public void close() {
        tunnel.close();
    }

    @Override
    public boolean isClosed() {
        return tunnel.isClosed();
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        KeptOptions.checkSize(size);
        setOption(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return getOption(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        KeptOptions.checkSize(size);
        setOption(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return getOption(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        setOption(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return getOption(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        setOption(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return getOption(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        setOption(StandardSocketOptions.IP_TOS, trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return getOption(StandardSocketOptions.IP_TOS);
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws SocketException {
        checkOpen();
        options.set(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws SocketException {
        checkOpen();
        return options.get(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return KeptOptions.UDP.keySet();
    }

    @Override
    public void joinGroup(SocketAddress group, @Nullable NetworkInterface network) {
        throw new UnsupportedOperationException("a tunnel has one target");
    }

    @Override
    public void leaveGroup(SocketAddress group, @Nullable NetworkInterface network) {
        throw new UnsupportedOperationException("a tunnel has one target");
    }
}
