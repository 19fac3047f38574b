package dev.masque.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel that looks like a connected socket. Thread-safe. There is no {@link SocketImpl} behind it, so everything that a
 * socket can do is here.
 */
@SuppressWarnings(
        "UnsynchronizedOverridesSynchronized") // the state behind it is safe, and a reader must not keep close() out
final class TunnelSocket extends Socket {
    private final TcpTunnel tunnel;
    private final TcpBridge bridge;
    private final InetSocketAddress local;
    private final KeptOptions options = new KeptOptions(KeptOptions.TCP);

    private volatile int linger = -1;

    private TunnelSocket(TcpTunnel tunnel, TcpBridge bridge, InetSocketAddress local) throws SocketException {
        super(noImplementation());
        this.tunnel = tunnel;
        this.bridge = bridge;
        this.local = local;
    }

    static TunnelSocket of(TcpTunnel tunnel, TcpBridge bridge, InetSocketAddress local) {
        try {
            return new TunnelSocket(tunnel, bridge, local);
        } catch (SocketException e) {
            throw new IllegalStateException("no implementation, no failure", e);
        }
    }

    @SuppressWarnings("NullAway") // the documented way to make a socket without one
    private static SocketImpl noImplementation() {
        return null;
    }

    private void checkOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("socket is closed");
        }
    }

    @Override
    public void connect(SocketAddress endpoint) throws SocketException {
        connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws SocketException {
        checkOpen();
        throw new SocketException("already connected");
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws SocketException {
        checkOpen();
        throw new SocketException("already bound");
    }

    @Override
    public InetAddress getInetAddress() {
        return Placeholder.address(tunnel.target());
    }

    @Override
    public int getPort() {
        return tunnel.target().port();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return Placeholder.socketAddress(tunnel.target());
    }

    @Override
    public InetAddress getLocalAddress() {
        InetAddress address = local.getAddress();
        return address == null ? InetAddress.getLoopbackAddress() : address;
    }

    @Override
    public int getLocalPort() {
        return local.getPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new InetSocketAddress(getLocalAddress(), getLocalPort());
    }

    @Override
    @SuppressWarnings("NullAway") // as documented for sockets that were not made by a channel
    public SocketChannel getChannel() {
        return null;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        checkOpen();
        if (isInputShutdown()) {
            throw new SocketException("socket input is shut down");
        }
        return tunnel.inputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        checkOpen();
        if (isOutputShutdown()) {
            throw new SocketException("socket output is shut down");
        }
        return tunnel.outputStream();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        checkOpen();
        tunnel.readTimeout(Duration.ofMillis(timeout));
    }

    @Override
    public int getSoTimeout() throws SocketException {
        checkOpen();
        return (int) Math.min(Integer.MAX_VALUE, tunnel.readTimeout().toMillis());
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        checkOpen();
        if (on && seconds < 0) {
            throw new IllegalArgumentException("linger is negative");
        }
        linger = on ? seconds : -1;
    }

    @Override
    public int getSoLinger() throws SocketException {
        checkOpen();
        return linger;
    }

    @Override
    public void sendUrgentData(int data) throws SocketException {
        throw new SocketException("a tunnel has no urgent data");
    }

    @Override
    public void shutdownInput() throws SocketException {
        checkOpen();
        bridge.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws SocketException {
        checkOpen();
        bridge.shutdownOutput();
    }

    @Override
    public void close() {
        bridge.close(linger == 0);
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return tunnel.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        return bridge.isInputShut();
    }

    @Override
    public boolean isOutputShutdown() {
        return bridge.isOutputShut();
    }

    /** Without the target: sockets find their way into logs. */
    @Override
    public String toString() {
        return "TunnelSocket[" + tunnel.version().alpn() + "]";
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        setOption(StandardSocketOptions.TCP_NODELAY, on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return getOption(StandardSocketOptions.TCP_NODELAY);
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        checkOpen();
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        checkOpen();
        return false;
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
    public void setKeepAlive(boolean on) throws SocketException {
        setOption(StandardSocketOptions.SO_KEEPALIVE, on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return getOption(StandardSocketOptions.SO_KEEPALIVE);
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
    public void setReuseAddress(boolean on) throws SocketException {
        setOption(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return getOption(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws SocketException {
        checkOpen();
        if (name == StandardSocketOptions.SO_LINGER) {
            setSoLinger((Integer) value >= 0, (Integer) value);
        }
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
        return KeptOptions.TCP.keySet();
    }
}
