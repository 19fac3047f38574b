package dev.masque.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What one writes with Netty's HTTP/2 in an afternoon: a CONNECT relay with back-pressure, without authentication, policy,
 * limits, time-outs, or accounting. Has the TLS, sockets and windows of our proxy.
 */
final class RelayMain {
    private static final int STREAM_WINDOW = 1 << 20;
    private static final int SESSION_WINDOW = 4 << 20;

    private RelayMain() {}

    /**
     * Runs until the input ends.
     *
     * @param arguments certificate and key in PEM
     */
    public static void main(String[] arguments) throws Exception {
        SslContext tls = SslContextBuilder.forServer(new File(arguments[0]), new File(arguments[1]))
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
        Channel port = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(128 << 10, 256 << 10))
                .childHandler(new Connection(tls))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        Service.run(((InetSocketAddress) port.localAddress()).getPort(), () -> "0");
    }

    /** Sets up a client's connection; one for all. */
    private static final class Connection extends ChannelInitializer<SocketChannel> {
        private final SslContext tls;

        Connection(SslContext tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                    .initialSettings(
                            new Http2Settings().initialWindowSize(STREAM_WINDOW).maxConcurrentStreams(20_000))
                    .encoderEnforceMaxRstFramesPerWindow(0, 0)
                    .decoderEnforceMaxRstFramesPerWindow(0, 0) // tunnels that are given up are no attack here
                    .build();
            channel.pipeline().addLast(tls.newHandler(channel.alloc()), codec, new Http2MultiplexHandler(new Stream()));
            // the connection's own window has no setting: RFC 9113, 6.9.2
            channel.pipeline().write(new DefaultHttp2WindowUpdateFrame(SESSION_WINDOW - 65_535));
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }

    /** Sets up a stream; one for all. */
    private static final class Stream extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(64 << 10, 256 << 10));
            channel.pipeline().addLast(new RelayStream());
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }
}
