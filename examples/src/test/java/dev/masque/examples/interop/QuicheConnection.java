package dev.masque.examples.interop;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of a proxy on quiche, by Netty's codec for HTTP/3, with HTTP Datagrams by hand (RFC 9297, 2.1). */
final class QuicheConnection implements AutoCloseable {
    private static final long SECONDS = 20;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<Long, QuicheStream> streams = new ConcurrentHashMap<>();
    private final CompletableFuture<Http3Settings> settings = new CompletableFuture<>();
    private final QuicChannel connection;

    QuicheConnection(int port, String authority) throws Exception {
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(new File(authority))
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
        Channel udp = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(Http3.newQuicClientCodecBuilder()
                        .sslEngineProvider(made -> tls.newEngine(made.alloc(), "localhost", port))
                        .maxIdleTimeout(30, TimeUnit.SECONDS)
                        .initialMaxData(16 << 20)
                        .initialMaxStreamDataBidirectionalLocal(1 << 20)
                        .initialMaxStreamDataUnidirectional(64 << 10)
                        .initialMaxStreamsUnidirectional(16)
                        .datagram(10_000, 10_000)
                        .maxSendUdpPayloadSize(1400)
                        .maxRecvUdpPayloadSize(1500)
                        .build())
                .bind(0)
                .sync()
                .channel();
        connection = QuicChannel.newBootstrap(udp)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel channel) {
                        channel.pipeline().addLast(new Datagrams());
                        channel.pipeline()
                                .addLast(new Http3ClientConnectionHandler(
                                        new Settings(),
                                        null,
                                        null,
                                        new DefaultHttp3SettingsFrame(new Http3Settings().enableH3Datagram(true)),
                                        true));
                    }
                })
                .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .connect()
                .get(SECONDS, TimeUnit.SECONDS);
    }

    /** What the proxy has said of itself. */
    Http3Settings settings() throws Exception {
        return settings.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Sends a request. */
    QuicheStream open(Map<String, String> head) throws Exception {
        QuicheStream stream = new QuicheStream();
        QuicStreamChannel channel = Http3.newRequestStream(connection, stream).get(SECONDS, TimeUnit.SECONDS);
        streams.put(channel.streamId() / 4, stream);
        Http3Headers headers = new DefaultHttp3Headers();
        head.forEach(headers::add);
        channel.writeAndFlush(new DefaultHttp3HeadersFrame(headers)).sync();
        return stream;
    }

    /** Sends an HTTP Datagram. */
    void sendDatagram(QuicheStream stream, byte[] payload) throws InterruptedException {
        long quarter = Objects.requireNonNull(stream.channel()).streamId() / 4;
        ByteBuf frame = Unpooled.buffer(payload.length + 1);
        frame.writeByte((int) quarter).writeBytes(payload); // up to 63 that is its varint
        connection.writeAndFlush(frame).sync();
    }

    @Override
    public void close() throws Exception {
        connection.close().await(SECONDS, TimeUnit.SECONDS);
        connection.parent().close().await(SECONDS, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(SECONDS, TimeUnit.SECONDS);
    }

    private final class Datagrams extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof ByteBuf frame)) {
                context.fireChannelRead(message);
                return;
            }
            @Nullable QuicheStream stream = streams.get((long) frame.readUnsignedByte());
            byte[] payload = new byte[frame.readableBytes()];
            frame.readBytes(payload).release();
            if (stream != null) {
                stream.datagrams.add(payload);
            }
        }
    }

    private final class Settings extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http3SettingsFrame frame) {
                settings.complete(frame.settings());
            }
            ReferenceCountUtil.release(message);
        }
    }
}
