package dev.masque.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What UDP tunnels lead to: sends datagrams back, those of one size together in one system call, as servers of QUIC do.
 */
final class UdpEcho implements AutoCloseable {
    private static final int SYSTEM_BUFFER = 8 << 20;
    private static final int RECEIVE_BUFFER = 64 << 10;
    private static final int MOST_PER_READ = 64;

    private final EventLoopGroup group = BareQuiche.newGroup();
    private final Channel socket;

    UdpEcho() {
        socket = new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SYSTEM_BUFFER)
                .option(ChannelOption.SO_SNDBUF, SYSTEM_BUFFER)
                .option(EpollChannelOption.UDP_GRO, true)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BUFFER).maxMessagesPerRead(MOST_PER_READ))
                .handler(new Back())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
    }

    /** Sends them back in their order. */
    private static final class Back extends ChannelInboundHandlerAdapter {
        private static final int MOST = 64;
        private static final int MOST_BYTES = 65_000;

        @Nullable private ByteBuf run;

        @Nullable private InetSocketAddress to;

        private int size;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            try {
                add(context, packet.content(), packet.sender());
            } finally {
                packet.release();
            }
        }

        private void add(ChannelHandlerContext context, ByteBuf payload, InetSocketAddress sender) {
            int length = payload.readableBytes();
            ByteBuf all = run;
            if (all != null
                    && (length != size
                            || !sender.equals(to)
                            || all.readableBytes() / size == MOST
                            || all.readableBytes() + length > MOST_BYTES)) {
                end(context);
                all = null;
            }
            if (all == null) {
                all = context.alloc().directBuffer(MOST * length);
                run = all;
                size = length;
                to = sender;
            }
            all.writeBytes(payload);
        }

        private void end(ChannelHandlerContext context) {
            ByteBuf all = run;
            InetSocketAddress sender = to;
            if (all != null && sender != null) {
                context.write(
                        all.readableBytes() > size
                                ? new SegmentedDatagramPacket(all, size, sender)
                                : new DatagramPacket(all, sender));
            }
            run = null;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            end(context);
            context.flush();
        }
    }
}
