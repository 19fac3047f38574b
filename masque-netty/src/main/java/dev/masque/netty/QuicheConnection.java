package dev.masque.netty;

import dev.masque.core.http3.H3Exception;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;

/** Between a QUIC connection that stands and its session. For the event loop only. */
final class QuicheConnection extends ChannelInboundHandlerAdapter {
    private final QuicheSession session;

    QuicheConnection(QuicheSession session, int maxDatagram) {
        this.session = session;
        session.path().begin(maxDatagram);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf datagram) {
            session.readStarted();
            try {
                session.datagrams().received(datagram);
            } catch (H3Exception e) {
                session.fail(e);
            } finally {
                datagram.release();
            }
        } else {
            context.fireChannelRead(message); // a stream, which Netty sets up
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.batchOver();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof QuicConnectionCloseEvent close) {
            session.peerCloses(close);
        } else if (event instanceof QuicDatagramExtensionEvent datagrams) {
            session.path().begin(datagrams.maxLength());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        session.blame(cause); // of the connection: it ends, or has ended
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        session.gone();
    }
}
