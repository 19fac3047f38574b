package dev.masque.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.function.Function;

/** Puts the handler of a new stream in place. Stateless but for what it is given. */
final class QuicheStreams extends ChannelInitializer<QuicStreamChannel> {
    private final Function<QuicStreamChannel, ChannelHandler> handlers;

    QuicheStreams(Function<QuicStreamChannel, ChannelHandler> handlers) {
        this.handlers = handlers;
    }

    @Override
    protected void initChannel(QuicStreamChannel channel) {
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(handlers.apply(channel));
    }
}
