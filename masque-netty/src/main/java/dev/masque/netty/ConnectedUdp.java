package dev.masque.netty;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connected UDP socket. What is too large for the path, or more than the send queue takes, is dropped; an ICMP error that
 * says that nobody is there closes the socket.
 */
final class ConnectedUdp extends ChannelInboundHandlerAdapter implements UdpSocket {
    private final DatagramChannel channel;
    private final SocketKind.@Nullable EmptyDatagram empty;

    private final InetSocketAddress local;

    private final UdpSegments segments;

    @Nullable private UdpHandler handler;

    @Nullable private IOException failure;

    private boolean over;
    private boolean received;

    ConnectedUdp(SocketKind.UdpChannel socket) {
        this.channel = socket.channel();
        this.empty = socket.sendEmpty();
        this.local = channel.localAddress();
        this.segments = new UdpSegments(channel, channel.remoteAddress(), UdpOffload.splits(channel), this::failed);
    }

    /** Takes over the connected channel and starts to receive; on its event loop. */
    void start(UdpHandler handler) {
        this.handler = handler;
        channel.pipeline().addLast(this);
        channel.config().setAutoRead(true);
    }

    @Override
    public boolean send(ByteBuffer payload) {
        if (!channel.isWritable()) {
            flush(); // a long batch without a flush is no reason to drop
            if (!channel.isWritable()) {
                payload.position(payload.limit());
                return false;
            }
        }
        if (!payload.hasRemaining()) {
            return sendEmpty();
        }
        segments.add(payload);
        return true;
    }

    @Override
    public void flush() {
        segments.end();
        channel.flush();
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public Executor executor() {
        return channel.eventLoop();
    }

    @Override
    public void close() {
        onLoop(() -> fail(null));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            if (!over) {
                received = true;
                ByteBuf payload = packet.content();
                guarded(to -> to.datagram(payload.nioBuffer()));
            }
        } finally {
            packet.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (received && !over) {
            received = false;
            guarded(UdpHandler::datagramsComplete);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(cause);
    }

    private void failed(Throwable cause) {
        if (SocketErrors.isUnreachable(cause)) {
            fail(SocketErrors.ofConnect(cause));
        } else if (!(cause instanceof IOException)) {
            fail(broken(cause));
        }
        // any other failed call, too large a datagram above all, loses that datagram and nothing else
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over = true;
        segments.close();
        guarded(to -> to.closed(failure));
    }

    private boolean sendEmpty() {
        SocketKind.EmptyDatagram send = empty;
        if (send == null) {
            return false;
        }
        segments.end();
        onLoop(() -> {
            channel.flush(); // what was sent before goes before
            try {
                if (!over) {
                    send.send();
                }
            } catch (IOException e) {
                failed(e);
            }
        });
        return true;
    }

    private void fail(@Nullable IOException why) {
        if (!over) {
            over = true;
            failure = why;
            channel.close();
        }
    }

    private void guarded(Call call) {
        UdpHandler to = handler;
        if (to == null) {
            return;
        }
        try {
            call.on(to);
        } catch (RuntimeException e) {
            fail(broken(e));
        }
    }

    private static NextHopException broken(Throwable cause) {
        return new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "a handler failed", cause);
    }

    private void onLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException stopped) {
            // the network is closed, and the socket with it
        }
    }

    private interface Call {
        void on(UdpHandler handler);
    }
}
