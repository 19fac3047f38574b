package dev.masque.netty;

import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A UDP tunnel in the place of a socket, for quiche. What the tunnel does not take is dropped, as a network does; so is what
 * arrives and is not read in time. Both ends have addresses that stand for nothing: the tunnel leads where it leads.
 */
final class CarriedDatagrams extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final int MOST_WAITING = 1_024;

    /** The IPv4 dummy address, RFC 7600, 5.5. */
    private static final byte[] DUMMY = {(byte) 192, 0, 0, 8};

    private final UdpSocket socket;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final ArrayDeque<DatagramPacket> arrived = new ArrayDeque<>();
    private boolean scheduled;
    private boolean over;

    @Nullable private IOException failure;

    private volatile boolean closed;

    CarriedDatagrams(UdpSocket socket, int port) {
        super(null);
        this.socket = socket;
        try {
            this.local = new InetSocketAddress(InetAddress.getByAddress(DUMMY), 1);
            this.remote = new InetSocketAddress(InetAddress.getByAddress(DUMMY), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** Takes what arrives. */
    UdpHandler handler() {
        return new Arrivals();
    }

    /** Why the tunnel broke; null if it did not. */
    @Nullable IOException failure() {
        synchronized (arrived) {
            return failure;
        }
    }

    /** The largest payload that goes through. */
    int maxPayload() {
        return socket.maxPayload();
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isActive() {
        return !closed;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new CarriedUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true; // it waits for nothing but tasks
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a tunnel has no local address");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        closed = true;
        socket.close();
        take().forEach(DatagramPacket::release);
    }

    @Override
    protected void doBeginRead() {
        wake(); // what came before there was a thread
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
        boolean some = false;
        for (Object message = out.current(); message != null; message = out.current()) {
            socket.send(((DatagramPacket) message).content().nioBuffer());
            some = true;
            out.remove();
        }
        if (some) {
            socket.flush();
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof DatagramPacket) {
            return message;
        }
        throw new UnsupportedOperationException("not a datagram: " + message.getClass());
    }

    private ArrayDeque<DatagramPacket> take() {
        synchronized (arrived) {
            ArrayDeque<DatagramPacket> taken = new ArrayDeque<>(arrived);
            arrived.clear();
            scheduled = false;
            return taken;
        }
    }

    private void wake() {
        synchronized (arrived) {
            if (scheduled || !isRegistered() || arrived.isEmpty() && !over) {
                return;
            }
            scheduled = true;
        }
        try {
            eventLoop().execute(this::deliver);
        } catch (RejectedExecutionException stopped) {
            take().forEach(DatagramPacket::release);
        }
    }

    private void deliver() {
        ArrayDeque<DatagramPacket> batch = take();
        if (closed) {
            batch.forEach(DatagramPacket::release);
            return;
        }
        if (!batch.isEmpty()) {
            batch.forEach(pipeline()::fireChannelRead);
            pipeline().fireChannelReadComplete();
        }
        boolean ended;
        IOException why;
        synchronized (arrived) {
            ended = over;
            why = failure;
        }
        if (ended) {
            if (why != null) {
                pipeline().fireExceptionCaught(why);
            }
            unsafe().close(voidPromise());
        }
    }

    private final class CarriedUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("it is connected"));
        }
    }

    /** On the socket's executor. */
    private final class Arrivals implements UdpHandler {
        @Override
        public void datagram(ByteBuffer payload) {
            int length = payload.remaining();
            synchronized (arrived) {
                if (arrived.size() < MOST_WAITING && !closed) {
                    ByteBuf copy = alloc().directBuffer(length, length).writeBytes(payload);
                    arrived.add(new DatagramPacket(copy, local, remote));
                }
            }
        }

        @Override
        public void datagramsComplete() {
            wake();
        }

        @Override
        public void closed(@Nullable IOException why) {
            synchronized (arrived) {
                over = true;
                failure = why;
            }
            wake();
        }
    }
}
