package dev.masque.netty;

import dev.masque.core.http3.H3Exception;
import dev.masque.core.http3.MessageReader;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads the peer's half of a request stream from Netty's channel. For the event loop only. */
final class QuicheReader extends ChannelInboundHandlerAdapter implements MessageReader.Events {
    /** What a paused stream takes from quiche, so that a reset is seen behind it. */
    static final int MOST_HELD = 64 << 10;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final QuicheSession session;
    private final QuicStreamChannel channel;
    private final MessageReader messages;
    private final QuicheSips sips = new QuicheSips();

    @Nullable private QuicheStream stream;

    /** What is being decoded: the same bytes twice. */
    @Nullable private ByteBuf bytes;

    private ByteBuffer view = ByteBuffer.allocate(0);
    private boolean refused;
    private boolean stuck;

    /** Of a request of the peer's, or with a stream of the response to ours. */
    QuicheReader(QuicheSession session, QuicStreamChannel channel, @Nullable QuicheStream stream) {
        this.session = session;
        this.channel = channel;
        this.stream = stream;
        int limit = session.limits().maxFieldSectionSize();
        this.messages = stream == null
                ? MessageReader.ofRequest(limit, this)
                : MessageReader.ofResponse(stream.request(), limit, this);
    }

    @Nullable QuicheStream stream() {
        return stream;
    }

    /** What comes is of no interest. */
    void refuse() {
        refused = true;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel.config().setRecvByteBufAllocator(sips);
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        session.readStarted();
        try {
            bytes = data;
            view = data.nioBuffer();
            messages.decode(view);
        } catch (H3Exception e) {
            violated(e);
        } finally {
            bytes = null;
            data.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.batchOver();
        QuicheStream to = stream;
        if (to == null || to.isOver() || to.heldBytes() < MOST_HELD) {
            context.read();
            return;
        }
        sips.sip(true);
        if (!stuck) {
            stuck = true;
            session.soon(this::look, LOOK_NANOS);
        }
    }

    /** Sees a reset behind bytes that nobody reads: takes a few of them now and then. */
    private void look() {
        QuicheStream to = stream;
        if (to == null || to.isOver() || to.heldBytes() < MOST_HELD || to.isInputEnded()) {
            stuck = false;
            sips.sip(false);
        } else {
            session.soon(this::look, LOOK_NANOS);
        }
        channel.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ended();
        }
    }

    private void ended() {
        QuicheStream to = stream;
        if (isOver()) {
            return;
        }
        try {
            messages.end();
            if (to != null) {
                to.receivedEnd();
            }
        } catch (H3Exception e) {
            violated(e);
        }
        session.requestFlush();
    }

    private void violated(H3Exception e) {
        QuicheStream to = stream;
        if (e.isOfConnection()) {
            session.fail(e);
        } else if (to != null) {
            to.violated(e.code(), e);
        } else if (!refused) {
            refused = true;
            session.shutdown(channel, e.code(), true, true);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        QuicheStream to = stream;
        if (cause instanceof QuicStreamResetException reset) {
            long code = reset.applicationProtocolCode();
            if (to != null) {
                to.peerReset(code < 0 ? ResetReason.CANCEL.http3Code() : code);
            } else {
                refused = true;
                session.shutdown(channel, ResetReason.CANCEL.http3Code(), false, true);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        session.streamClosed(channel, this);
    }

    @Override
    public void request(RequestHead head) {
        stream = session.requested(channel, head);
    }

    @Override
    public void response(ResponseHead head) {
        QuicheStream to = stream;
        if (to != null) {
            session.path().askIfSearching();
            to.receivedResponse(head);
        }
    }

    @Override
    public void data(ByteBuffer data) {
        QuicheStream to = stream;
        ByteBuf all = bytes;
        if (to != null && all != null) { // a slice of the buffer that can be kept
            to.received(all.slice(all.readerIndex() + view.position() - data.remaining(), data.remaining()));
        }
    }

    @Override
    public void datagram(ByteBuffer payload) {
        QuicheStream to = stream;
        if (to != null) {
            to.datagram(payload);
        }
    }

    @Override
    public boolean isOver() {
        QuicheStream to = stream;
        return refused || to != null && to.isOver();
    }

    @Override
    public boolean isPaused() {
        return false; // what a paused stream does not take is held by it
    }
}
