package dev.masque.netty;

import dev.masque.core.http3.CoalescedPackets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/** Gives quiche packets one by one that came in one datagram, as {@link CoalescedPackets} has it. For one socket. */
final class QuicheCoalesced extends ChannelInboundHandlerAdapter {
    private final boolean client;
    private boolean begun;

    QuicheCoalesced(boolean client) {
        this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof DatagramPacket datagram) || !isLong(datagram.content())) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf content = datagram.content();
        while (true) {
            int length = CoalescedPackets.firstLength(content.nioBuffer(), client && begun);
            begun = true;
            if (length >= content.readableBytes()) {
                context.fireChannelRead(datagram);
                return;
            }
            context.fireChannelRead(
                    new DatagramPacket(content.readRetainedSlice(length), datagram.recipient(), datagram.sender()));
        }
    }

    private static boolean isLong(ByteBuf content) {
        return content.isReadable() && content.getByte(content.readerIndex()) < 0; // RFC 9000, 17.2
    }
}
