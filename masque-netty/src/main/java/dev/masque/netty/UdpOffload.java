package dev.masque.netty;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;

/**
 * Several datagrams in one system call, where the kernel splits and joins them (Linux, UDP_SEGMENT and UDP_GRO) and nobody
 * turned that off with {@value #PROPERTY}: there are drivers and virtual networks that get it wrong. Stateless.
 */
final class UdpOffload {
    static final String PROPERTY = "dev.masque.netty.udpOffload";

    private static final boolean WANTED = !"false".equalsIgnoreCase(System.getProperty(PROPERTY));
    private static final int SEGMENTS = 16;

    private UdpOffload() {}

    /**
     * Whether datagrams of one sender arrive together. Not for the sockets of quiche: there, one handshake in a hundred then came to
     * nothing, and one request in a few hundred got no answer.
     */
    static boolean joins() {
        return WANTED && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    /** Whether datagrams of one size to one target leave together. */
    static boolean splits(Channel socket) {
        return socket instanceof EpollDatagramChannel && joins();
    }

    /** How packets of quiche leave together. */
    static SegmentedDatagramPacketAllocator segments(Channel socket) {
        return splits(socket) ? EpollQuicUtils.newSegmentedAllocator(SEGMENTS) : SegmentedDatagramPacketAllocator.NONE;
    }
}
