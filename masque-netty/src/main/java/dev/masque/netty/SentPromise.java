package dev.masque.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.DefaultChannelPromise;

/** Tells a stream that bytes have left, or never will. */
final class SentPromise extends DefaultChannelPromise implements ChannelFutureListener {
    private final NettyStream stream;
    private final int capacity;

    SentPromise(Channel channel, NettyStream stream, int capacity) {
        super(channel);
        this.stream = stream;
        this.capacity = capacity;
        addListener(this);
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        stream.sent(capacity);
    }
}
