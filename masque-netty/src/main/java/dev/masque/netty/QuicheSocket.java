package dev.masque.netty;

import dev.masque.core.http3.CoalescedPackets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.ArrayList;
import java.util.List;

/**
 * What comes to a UDP socket, before quiche sees it: gives it packets one by one that came in one datagram, as
 * {@link CoalescedPackets} has it, and tells sessions when all has been read that is there, which Netty's codec does not: a
 * flush for each packet would be a system call for each. For one socket.
 */
final class QuicheSocket extends ChannelInboundHandlerAdapter {
    /** Smaller ones must be dropped: their sender's address may be another's, and answers are larger. RFC 9000, 14.1 and 5.2.2. */
    private static final int SMALLEST_FIRST = 1_200;

    private static final int VERSION_1 = 1; // the one that quiche speaks
    private static final int INITIAL = 0;

    private final boolean client;
    private final List<QuicheSession> waiting = new ArrayList<>();
    private boolean begun;
    private boolean reading;

    QuicheSocket(boolean client) {
        this.client = client;
    }

    /** Whether there may be more to read. */
    boolean isReading() {
        return reading;
    }

    /** Tells a session, once, when there is no more. */
    void whenRead(QuicheSession session) {
        waiting.add(session);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        if (!(message instanceof DatagramPacket datagram) || !isLong(datagram.content())) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf content = datagram.content();
        if (!client && content.readableBytes() < SMALLEST_FIRST && opens(content)) {
            datagram.release();
            return;
        }
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

    /** Whether a packet is the first of a connection, or of a version that nobody knows. */
    private static boolean opens(ByteBuf content) {
        if (content.readableBytes() < 1 + Integer.BYTES) {
            return true;
        }
        int type = content.getByte(content.readerIndex()) >> 4 & 3;
        int version = content.getInt(content.readerIndex() + 1);
        return version != VERSION_1 || type == INITIAL;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).socketRead();
        }
        waiting.clear();
        context.fireChannelReadComplete();
    }
}
