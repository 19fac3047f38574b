package dev.masque.netty;

import dev.masque.core.http3.H3;
import dev.masque.core.http3.Heads;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.wire.QpackEncoder;
import dev.masque.core.wire.VarInt;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request stream of an HTTP/3 session on quiche. */
final class QuicheStream extends NettyStream {
    private static final byte[] EMPTY_DATA = {(byte) H3.DATA, 0};

    private final QuicheSession session;

    /** Netty's side of the stream; null on a client until it stands. */
    @Nullable private volatile QuicStreamChannel wire;

    private boolean outputSent;

    /** How it ends when both sides have: not whole if the peer wanted no more of what we send. */
    @Nullable private StreamFailure ending;

    QuicheStream(QuicheSession session, RequestHead request, @Nullable QuicStreamChannel wire) {
        super(session, request);
        this.session = session;
        this.wire = wire;
    }

    @Nullable QuicStreamChannel wire() {
        return wire;
    }

    /** The stream stands; false if it is not wanted any more. */
    boolean begin(QuicStreamChannel channel) {
        wire = channel;
        if (isOver()) {
            channel.shutdown((int) H3.REQUEST_REJECTED);
            channel.close();
            return false;
        }
        session.markDirty(this);
        return true;
    }

    /** Whether all that was written has left, so that only reading remains. */
    boolean isWritten() {
        return outputSent;
    }

    @Override
    boolean maySend() {
        return wire != null;
    }

    @Override
    void sendHead(Object head, boolean end) {
        List<Map.Entry<String, String>> section =
                head instanceof RequestHead request ? Heads.encode(request) : Heads.encode((ResponseHead) head);
        send(Unpooled.wrappedBuffer(H3.frame(H3.HEADERS, QpackEncoder.encode(section))), end, 0);
    }

    @Override
    void sendData(ByteBuf data, boolean end) {
        int length = data.readableBytes();
        int header = VarInt.length(H3.DATA) + VarInt.length(length);
        data.readerIndex(data.readerIndex() - header); // the room that the session has asked for
        ByteBuffer room = data.nioBuffer(data.readerIndex(), header);
        VarInt.write(room, H3.DATA);
        VarInt.write(room, length);
        send(data, end, data.capacity());
    }

    /** With a DATA frame, if an empty one: quiche may lose an end without bytes for good, if bytes are lost with it. */
    @Override
    void sendEnd() {
        send(Unpooled.wrappedBuffer(EMPTY_DATA), true, 0);
    }

    private void send(ByteBuf bytes, boolean end, int capacity) {
        QuicStreamChannel to = wire;
        if (to == null || !to.isOpen()) {
            bytes.release();
            sent(capacity);
            return;
        }
        ChannelFuture written = to.write(end ? new DefaultQuicStreamFrame(bytes, true) : bytes);
        written.addListener(done -> {
            sent(capacity);
            if (done.isSuccess()) {
                outputSent |= end;
                finishIfDone();
            } else if (to.isOpen()) { // else the session is gone, or we reset it
                peerStopped();
            }
        });
        if (isStuck(to, written)) {
            session.later(() -> {
                if (isStuck(to, written)) {
                    peerStopped();
                }
            });
        }
    }

    /** What waits although there is room will never leave: Netty does not tell of a STOP_SENDING that came before. */
    private static boolean isStuck(QuicStreamChannel wire, ChannelFuture written) {
        return !written.isDone() && wire.isOpen() && wire.bytesBeforeUnwritable() > 0;
    }

    /** STOP_SENDING came; its code is not told, so that it is taken for the one that lets the rest go on, RFC 9114, 4.1. */
    private void peerStopped() {
        if (!isOver() && !outputSent) {
            out().close();
            outputSent = true;
            ending = StreamFailure.remote(ResetReason.NO_ERROR, H3.NO_ERROR);
            finishIfDone();
        }
    }

    /** RESET_STREAM came. */
    void peerReset(long code) {
        if (!isOver() && !isInputEnded()) {
            fail(StreamFailure.remote(ResetReason.ofHttp3(code), code));
            session.shutdown(this, ResetReason.CANCEL.http3Code(), true);
        }
    }

    /** The peer broke a rule that concerns this stream. */
    void violated(long code, Throwable cause) {
        if (!isOver()) {
            fail(StreamFailure.local(ResetReason.ofHttp3(code), cause));
            session.shutdown(this, code, true);
        }
    }

    @Override
    void sendReset(ResetReason reason) {
        boolean output =
                reason != ResetReason.NO_ERROR || !out().isEnded(); // what was ended properly still reaches the peer
        session.shutdown(this, reason.http3Code(), output);
    }

    @Override
    void consumed(int bytes) {
        QuicStreamChannel from = wire;
        if (from != null && heldBytes() < QuicheReader.MOST_HELD) {
            QuicheSips.end(from);
            from.read();
        }
    }

    @Override
    void inputDelivered() {
        finishIfDone();
    }

    private void finishIfDone() {
        if (isInputDone() && outputSent) {
            finish(ending);
            QuicStreamChannel to = wire;
            if (ending != null && to != null) {
                to.close(); // with what will never leave
            }
        }
    }

    /** An HTTP Datagram came, by whatever way. */
    void datagram(ByteBuffer payload) {
        if (!isOver() && !isInputEnded()) { // RFC 9297, 2.1: a stream whose receive side is closed
            session.touch(this);
            guarded(to -> to.datagram(payload));
        }
    }

    @Override
    public boolean sendDatagram(ByteBuffer payload) {
        QuicStreamChannel to = wire;
        if (to == null || out().isEnded() || payload.remaining() > maxDatagramSize()) {
            return false;
        }
        if (session.hasDatagrams()) {
            return session.datagrams().send(to.streamId(), payload);
        }
        return out().datagram(payload, session.datagramBound());
    }

    @Override
    public int maxDatagramSize() {
        QuicStreamChannel to = wire;
        if (to == null || !request().usesCapsules() || out().isClosed() || (session.isServer() && !hasAccepted())) {
            return 0;
        }
        return session.hasDatagrams() ? session.datagrams().maxSize(to.streamId()) : MAX_DATAGRAM;
    }

    @Override
    boolean takesDatagrams() {
        return wire != null && (!session.isServer() || hasAccepted());
    }
}
