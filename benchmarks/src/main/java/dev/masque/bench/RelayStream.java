package dev.masque.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A stream of the bare relay: connects where CONNECT says, and moves bytes. On the event loop of the client's connection. */
final class RelayStream extends ChannelInboundHandlerAdapter {
    @Nullable private Channel target;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel to = target;
        if (message instanceof Http2HeadersFrame request && to == null) {
            connect(context.channel(), request.headers().authority().toString());
        } else if (message instanceof Http2DataFrame data && to != null) {
            if (data.content().isReadable()) {
                to.write(data.content(), to.voidPromise());
            } else {
                data.release();
            }
            if (data.isEndStream()) {
                to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> ((SocketChannel) to).shutdownOutput());
            }
            if (!to.isWritable()) {
                context.channel().config().setAutoRead(false);
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (target != null) {
            target.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (target != null) {
            target.config().setAutoRead(context.channel().isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (target != null) {
            target.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void connect(Channel client, String authority) {
        client.config().setAutoRead(false);
        int colon = authority.lastIndexOf(':');
        new Bootstrap()
                .group(client.eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new TargetSide(client))
                .connect(authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1)))
                .addListener((ChannelFutureListener) connected -> {
                    if (!connected.isSuccess()) {
                        client.close();
                        return;
                    }
                    target = connected.channel();
                    client.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
                    client.config().setAutoRead(true);
                });
    }

    /** What the target sends. */
    private static final class TargetSide extends ChannelInboundHandlerAdapter {
        private final Channel client;

        TargetSide(Channel client) {
            this.client = client;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            client.write(new DefaultHttp2DataFrame((ByteBuf) message), client.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            client.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            client.config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                client.writeAndFlush(new DefaultHttp2DataFrame(true));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            client.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
