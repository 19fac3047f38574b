package dev.masque.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.File;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Netty's quiche alone: on a stream it reads a letter, and then is a {@link Targets.Source} ({@code d}) or a
 * {@link Targets.Sink} ({@code u}), whose bytes it counts; datagrams go back.
 */
final class QuicheMain {
    private QuicheMain() {}

    /**
     * Runs until the input ends.
     *
     * @param arguments certificate and key in PEM
     */
    public static void main(String[] arguments) throws Exception {
        QuicSslContext tls = QuicSslContextBuilder.forServer(new File(arguments[1]), null, new File(arguments[0]))
                .applicationProtocols(BareQuiche.PROTOCOL)
                .build();
        AtomicLong sunk = new AtomicLong();
        Channel port = BareQuiche.bind(
                BareQuiche.newGroup(),
                BareQuiche.set(new QuicServerCodecBuilder())
                        .sslContext(tls)
                        .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                        .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, BareQuiche.segments())
                        .streamOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .streamOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BareQuiche.WATER_MARK)
                        .handler(new Echo())
                        .streamHandler(new Streams(sunk))
                        .build());
        Service.run(((InetSocketAddress) port.localAddress()).getPort(), () -> Long.toString(sunk.get()));
    }

    /** Sends datagrams back; one for all connections. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf datagram) {
                context.write(datagram, context.voidPromise());
            } else {
                context.fireChannelRead(message); // a stream
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }

    /** Sets up a stream; one for all. */
    private static final class Streams extends ChannelInitializer<QuicStreamChannel> {
        private final AtomicLong sunk;

        Streams(AtomicLong sunk) {
            this.sunk = sunk;
        }

        @Override
        protected void initChannel(QuicStreamChannel stream) {
            stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    ByteBuf data = (ByteBuf) message;
                    boolean source = data.readByte() == 'd';
                    context.pipeline().addLast(source ? new Targets.Source() : new Targets.Sink(sunk));
                    context.fireChannelRead(data);
                    context.pipeline().remove(this);
                }
            });
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }
}
