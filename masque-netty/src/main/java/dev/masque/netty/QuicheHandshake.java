package dev.masque.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/** A QUIC connection until its handshake is over. For the event loop only. */
final class QuicheHandshake extends ChannelInboundHandlerAdapter {
    private final Events events;
    private int maxDatagram;

    @Nullable private String serverName;

    /** Takes how the handshake ends. */
    interface Events {
        /** It stands; makes the session. */
        QuicheSession stands(QuicChannel channel, @Nullable String serverName);

        /** It fails. */
        void fails(QuicChannel channel, Throwable cause);
    }

    QuicheHandshake(Events events) {
        this.events = events;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        QuicChannel channel = (QuicChannel) context.channel();
        if (event instanceof QuicDatagramExtensionEvent datagrams) {
            maxDatagram = datagrams.maxLength();
        } else if (event instanceof SniCompletionEvent sni) {
            String name = sni.hostname(); // of kwik's clients an address too, where RFC 6066, 3 has names only
            serverName = name == null || CertificateName.isAddress(name) ? null : name;
        } else if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                QuicheSession session = events.stands(channel, serverName);
                context.pipeline().addLast(new QuicheConnection(session, maxDatagram));
                context.pipeline().remove(this);
            } else {
                events.fails(channel, done.cause());
                closeSoon(channel);
            }
        } else if (event instanceof QuicConnectionCloseEvent close) {
            events.fails(channel, new QuicheClosed(close.isTlsError(), close.error()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        events.fails((QuicChannel) context.channel(), cause);
        closeSoon((QuicChannel) context.channel());
    }

    /** Not at once: Netty is about to send, and would send no CONNECTION_CLOSE with the alert. */
    static void closeSoon(QuicChannel channel) {
        channel.eventLoop().execute(channel::close);
    }
}
