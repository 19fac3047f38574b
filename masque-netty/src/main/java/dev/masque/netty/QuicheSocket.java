package dev.masque.netty;

import dev.masque.core.http3.CoalescedPackets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What comes to a UDP socket, before quiche sees it: gives it packets one by one that came in one datagram, as
 * {@link CoalescedPackets} has it; passes on to the other sockets of a port what came for a connection of theirs, as it does
 * when a client's address changes; and tells sessions when all has been read that is there, which Netty's codec does not: a
 * flush for each packet would be a system call for each. For one socket.
 */
final class QuicheSocket extends ChannelInboundHandlerAdapter {
    /** What another socket may have waiting here; more is dropped, as the network does. */
    private static final int MOST_PASSED_ON = 1_024;
    /** Smaller ones must be dropped: their sender's address may be another's, and answers are larger. RFC 9000, 14.1 and 5.2.2. */
    private static final int SMALLEST_FIRST = 1_200;

    private static final int VERSION_1 = 1; // the one that quiche speaks
    private static final int INITIAL = 0;

    private final boolean client;
    private final int most;
    private final List<QuicheSession> waiting = new ArrayList<>();
    private final List<DatagramPacket> passedOn = new ArrayList<>();
    private boolean begun;
    private boolean reading;
    private int largest;

    @Nullable private final QuicheConnectionIds ids;

    /** All of the port, by their numbers. */
    private final List<QuicheSocket> port;

    @Nullable private volatile ChannelHandlerContext here;

    private QuicheSocket(boolean client, int most, @Nullable QuicheConnectionIds ids, List<QuicheSocket> port) {
        this.client = client;
        this.most = most;
        this.ids = ids;
        this.port = port;
    }

    /**
     * One of a client.
     *
     * @param path the bytes of the largest packet that it may carry
     */
    static QuicheSocket ofClient(int path) {
        return new QuicheSocket(true, Math.min(path, QuichePath.MOST), null, List.of());
    }

    /**
     * One of a port.
     *
     * @param ids what it gives
     * @param port all of them, by their numbers; complete before one is bound
     */
    static QuicheSocket ofPort(QuicheConnectionIds ids, List<QuicheSocket> port) {
        return new QuicheSocket(false, QuichePath.MOST, ids, port);
    }

    /** Whether there are others at its port. */
    boolean sharesItsPort() {
        return port.size() > 1;
    }

    /** The bytes of the largest packet that may leave. */
    int most() {
        return most;
    }

    /** The bytes of the largest packet that came. */
    int largest() {
        return largest;
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
    public void handlerAdded(ChannelHandlerContext context) {
        here = context;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        here = null;
        takePassedOn().forEach(DatagramPacket::release);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        if (!(message instanceof DatagramPacket datagram)) {
            context.fireChannelRead(message);
            return;
        }
        largest = Math.max(largest, datagram.content().readableBytes());
        if (isLong(datagram.content())) {
            separate(context, datagram);
        } else {
            QuicheSocket owner = ownerOf(datagram.content());
            if (owner == this) {
                context.fireChannelRead(datagram);
            } else {
                owner.passOn(datagram);
            }
        }
    }

    private static boolean isLong(ByteBuf content) {
        return content.isReadable() && content.getByte(content.readerIndex()) < 0; // RFC 9000, 17.2
    }

    private void separate(ChannelHandlerContext context, DatagramPacket datagram) {
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

    private QuicheSocket ownerOf(ByteBuf packet) {
        if (ids == null || port.size() < 2) {
            return this;
        }
        int number = ids.socketOf(packet);
        return number < port.size() ? port.get(number) : this; // a stray packet is anybody's
    }

    /** Called by another socket, on its event loop. */
    private void passOn(DatagramPacket datagram) {
        ChannelHandlerContext to = here;
        boolean first;
        synchronized (passedOn) {
            if (to == null || passedOn.size() >= MOST_PASSED_ON) {
                datagram.release();
                return;
            }
            first = passedOn.isEmpty();
            passedOn.add(datagram);
        }
        if (first) {
            try {
                to.executor().execute(() -> readPassedOn(to));
            } catch (RejectedExecutionException stopped) {
                takePassedOn().forEach(DatagramPacket::release);
            }
        }
    }

    private List<DatagramPacket> takePassedOn() {
        synchronized (passedOn) {
            List<DatagramPacket> taken = List.copyOf(passedOn);
            passedOn.clear();
            return taken;
        }
    }

    private void readPassedOn(ChannelHandlerContext context) {
        List<DatagramPacket> taken = takePassedOn();
        if (context.isRemoved()) {
            taken.forEach(DatagramPacket::release);
            return;
        }
        reading = true;
        taken.forEach(context::fireChannelRead);
        channelReadComplete(context);
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
