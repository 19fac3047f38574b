package dev.masque.client;

import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;

/** What is behind a {@link TunnelDatagramSocket}: nothing, so that it takes no descriptor of the system. */
final class NoDatagrams extends DatagramSocketImpl {
    @Override
    protected void create() {}

    @Override
    protected void bind(int port, InetAddress address) {}

    @Override
    protected void send(DatagramPacket packet) throws SocketException {
        throw unsupported();
    }

    @Override
    protected int peek(InetAddress address) throws SocketException {
        throw unsupported();
    }

    @Override
    protected int peekData(DatagramPacket packet) throws SocketException {
        throw unsupported();
    }

    @Override
    protected void receive(DatagramPacket packet) throws SocketException {
        throw unsupported();
    }

    @Override
    @Deprecated
    protected void setTTL(byte ttl) throws SocketException {
        throw unsupported();
    }

    @Override
    @Deprecated
    protected byte getTTL() throws SocketException {
        throw unsupported();
    }

    @Override
    protected void setTimeToLive(int ttl) throws SocketException {
        throw unsupported();
    }

    @Override
    protected int getTimeToLive() throws SocketException {
        throw unsupported();
    }

    @Override
    protected void join(InetAddress address) throws SocketException {
        throw unsupported();
    }

    @Override
    protected void leave(InetAddress address) throws SocketException {
        throw unsupported();
    }

    @Override
    protected void joinGroup(SocketAddress address, NetworkInterface network) throws SocketException {
        throw unsupported();
    }

    @Override
    protected void leaveGroup(SocketAddress address, NetworkInterface network) throws SocketException {
        throw unsupported();
    }

    @Override
    protected void close() {}

    @Override
    public void setOption(int option, Object value) throws SocketException {
        throw unsupported();
    }

    @Override
    public Object getOption(int option) throws SocketException {
        throw unsupported();
    }

    private static SocketException unsupported() {
        return new SocketException("not in a tunnel");
    }
}
