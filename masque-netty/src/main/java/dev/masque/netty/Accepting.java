package dev.masque.netty;

import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.SessionHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** A connection to a port until its TLS handshake is over. */
final class Accepting extends ChannelInboundHandlerAdapter {
    private final NettyListening listening;
    private final ListenOptions options;
    private final SessionHandler handler;
    private final long began = System.nanoTime();

    Accepting(NettyListening listening, ListenOptions options, SessionHandler handler) {
        this.listening = listening;
        this.options = options;
        this.handler = handler;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            context.fireUserEventTriggered(event);
        } else if (completion.isSuccess()) {
            begin(context);
        } else {
            context.close();
        }
    }

    private void begin(ChannelHandlerContext context) {
        SocketChannel channel = (SocketChannel) context.channel();
        SslHandler ssl = context.pipeline().get(SslHandler.class);
        NegotiatedTls tls = NegotiatedTls.of(ssl.engine(), ssl.applicationProtocol());
        if (!options.versions().contains(tls.version())) {
            context.close();
            return;
        }
        context.pipeline().remove(this);
        NettySession session = tls.session(channel, options.limits(), handler, began);
        session.open();
        if (listening.isDraining()) {
            session.drain();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a handshake that fails is the client's affair
    }
}
