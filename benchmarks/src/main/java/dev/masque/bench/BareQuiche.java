package dev.masque.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Netty's quiche as it comes, with the windows, packets and sockets that our transport has. Stateless. */
final class BareQuiche {
    static final String PROTOCOL = "masque-benchmark";
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 256 << 10);

    private static final int STREAM_WINDOW = 1 << 20;
    private static final int SESSION_WINDOW = 4 << 20;
    private static final int STREAMS = 1_000_000;
    private static final int MAX_PACKET = 1_500;
    private static final int MAX_SENT_PACKET = 1_452;
    private static final int DATAGRAMS = 256;
    private static final int SYSTEM_BUFFER = 4 << 20;
    private static final int PACKETS_PER_READ = 64;
    private static final int SEGMENTS = 16;

    private BareQuiche() {}

    static <B extends QuicCodecBuilder<B>> B set(B builder) {
        return builder.maxIdleTimeout(5, TimeUnit.MINUTES)
                .initialMaxData(SESSION_WINDOW)
                .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                .initialMaxStreamsBidirectional(STREAMS)
                .maxRecvUdpPayloadSize(MAX_PACKET)
                .maxSendUdpPayloadSize(MAX_SENT_PACKET)
                .congestionControlAlgorithm(QuicCongestionControlAlgorithm.CUBIC)
                .datagram(DATAGRAMS, DATAGRAMS);
    }

    static EventLoopGroup newGroup() {
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("quiche", true), EpollIoHandler.newFactory());
    }

    static SegmentedDatagramPacketAllocator segments() {
        return EpollQuicUtils.newSegmentedAllocator(SEGMENTS);
    }

    /** A socket on a free port of loopback. */
    static Channel bind(EventLoopGroup group, ChannelHandler codec) {
        return new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SYSTEM_BUFFER)
                .option(ChannelOption.SO_SNDBUF, SYSTEM_BUFFER)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(2_048).maxMessagesPerRead(PACKETS_PER_READ))
                .handler(codec)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }
}
