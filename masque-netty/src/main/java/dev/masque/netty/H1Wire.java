package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;

/** The end of the pipeline of an HTTP/1.1 connection. */
final class H1Wire extends ChannelInboundHandlerAdapter {
    private final H1Session session;

    H1Wire(H1Session session) {
        this.session = session;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        session.readStarted();
        try {
            session.received((ByteBuf) message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.readComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent closed) {
            session.inputClosed(closed.isSuccess());
        } else if (event instanceof ChannelInputShutdownEvent || event instanceof ChannelInputShutdownReadComplete) {
            session.inputClosed(false);
            if (session.isLingering()) {
                session.close();
            }
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        session.blame(cause);
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        session.connectionLost();
    }
}
