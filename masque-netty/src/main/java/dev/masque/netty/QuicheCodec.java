package dev.masque.netty;

import dev.masque.core.spi.SessionLimits;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How quiche is set up on both sides. Stateless. */
final class QuicheCodec {
    /** QUIC's idle time-out: who says nothing for so long is dead, as each side says something in a third of it. */
    static final Duration IDLE = Duration.ofSeconds(30);

    /**
     * Requests at once on a connection: Netty goes through all its streams for each packet that comes, and a peer must not make
     * packets as dear as it likes. Who wants more takes another connection.
     */
    private static final int MOST_REQUESTS = 128;

    /** What may wait with quiche, where it is not dropped however long it does. */
    static final int DATAGRAMS_TO_SEND = 128;

    private static final int PEER_UNI_STREAMS = 16;
    private static final int UNI_WINDOW = 64 << 10;
    private static final int MAX_PACKET = 1_500;

    /** A change of the peer's address takes one each. */
    private static final int CONNECTION_IDS = 8;

    private static final int SYSTEM_BUFFER = 4 << 20;

    private QuicheCodec() {}

    static <B extends QuicCodecBuilder<B>> B set(B builder, SessionLimits limits, boolean server) {
        return set(builder, limits, server, Integer.MAX_VALUE);
    }

    /**
     * For a path that carries no more than so many bytes from here. What it carries to here is known if it is more than is
     * taken for granted; else the peer is told to send what every path of QUIC carries and no more.
     */
    static <B extends QuicCodecBuilder<B>> B set(B builder, SessionLimits limits, boolean server, int path) {
        return builder.maxIdleTimeout(IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(limits.sessionWindow())
                .initialMaxStreamDataBidirectionalLocal(limits.streamWindow())
                .initialMaxStreamDataBidirectionalRemote(limits.streamWindow())
                .initialMaxStreamDataUnidirectional(Math.min(UNI_WINDOW, limits.sessionWindow()))
                .initialMaxStreamsBidirectional(server ? Math.min(limits.maxStreams(), MOST_REQUESTS) : 0)
                .initialMaxStreamsUnidirectional(PEER_UNI_STREAMS)
                .maxRecvUdpPayloadSize(path > QuichePath.LIKELY ? Math.min(path, MAX_PACKET) : Carrying.SMALLEST_QUIC)
                .maxSendUdpPayloadSize(Math.min(path, QuichePath.MOST))
                .discoverPmtu(true)
                .activeConnectionIdLimit(CONNECTION_IDS)
                .congestionControlAlgorithm(QuicCongestionControlAlgorithm.CUBIC)
                .datagram(limits.datagramQueue(), Math.min(limits.datagramQueue(), DATAGRAMS_TO_SEND));
    }

    /**
     * Binds a UDP socket with quiche in it.
     *
     * @param udp of the kind that the loop carries
     */
    static ChannelFuture bind(
            DatagramChannel udp, EventLoop loop, InetSocketAddress address, QuicheSocket socket, ChannelHandler codec) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> udp)
                .option(ChannelOption.SO_RCVBUF, SYSTEM_BUFFER)
                .option(ChannelOption.SO_SNDBUF, SYSTEM_BUFFER)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(socket, codec, Quiet.HANDLER);
                    }
                });
        if (socket.sharesItsPort()) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        return bootstrap.bind(address);
    }

    static final ChannelOption<SegmentedDatagramPacketAllocator> SEGMENTATION =
            QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR;
}
