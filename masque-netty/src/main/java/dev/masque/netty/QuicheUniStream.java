package dev.masque.netty;

import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.http3.UniStreamReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;

/** A unidirectional stream of the peer on quiche. For the event loop only. */
final class QuicheUniStream extends ChannelInboundHandlerAdapter {
    private final QuicheSession session;
    private final UniStreamReader content;
    private boolean unwanted;

    QuicheUniStream(QuicheSession session, UniStreamReader.Peer peer) {
        this.session = session;
        this.content = new UniStreamReader(peer);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        session.readStarted();
        try {
            if (!content.decode(data.nioBuffer()) && !unwanted) {
                unwanted = true;
                session.shutdown((QuicStreamChannel) context.channel(), H3.STREAM_CREATION_ERROR, true, false);
            }
        } catch (H3Exception e) {
            session.fail(e);
        } finally {
            data.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.batchOver();
        context.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ended();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof QuicStreamResetException) {
            ended();
        }
    }

    private void ended() {
        if (content.isCritical()) { // RFC 9114, 6.2.1; RFC 9204, 4.2
            session.fail(H3Exception.connection(H3.CLOSED_CRITICAL_STREAM, "a critical stream was closed"));
        }
    }
}
