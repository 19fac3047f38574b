package dev.masque.examples.interop;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A MASQUE proxy on quiche, by Netty's codec for HTTP/3: classic CONNECT, and CONNECT-UDP with QUIC DATAGRAM frames. Run as a
 * program of its own; prints "ready PORT". For every line that it reads it asks all clients to leave, with GOAWAY.
 */
final class QuicheProxy {
    private static final Set<Datagrams> CONNECTIONS = ConcurrentHashMap.newKeySet();

    private QuicheProxy() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments certificate and key in PEM, and the pre-shared key
     */
    public static void main(String[] arguments) throws Exception {
        QuicSslContext tls = QuicSslContextBuilder.forServer(new File(arguments[1]), null, new File(arguments[0]))
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
        Channel udp = new Bootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
                .channel(NioDatagramChannel.class)
                .handler(Http3.newQuicServerCodecBuilder()
                        .sslContext(tls)
                        .maxIdleTimeout(30, TimeUnit.SECONDS)
                        .initialMaxData(16 << 20)
                        .initialMaxStreamDataBidirectionalRemote(1 << 20)
                        .initialMaxStreamDataUnidirectional(64 << 10)
                        .initialMaxStreamsBidirectional(1_000)
                        .initialMaxStreamsUnidirectional(16)
                        .datagram(10_000, 10_000)
                        .maxSendUdpPayloadSize(1400)
                        .maxRecvUdpPayloadSize(1500)
                        .handler(new Connections(arguments[2]))
                        .build())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        System.out.println("ready " + ((InetSocketAddress) udp.localAddress()).getPort());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int told = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            for (Datagrams connection : CONNECTIONS) {
                connection.goaway();
            }
            System.out.println("goaway " + ++told);
        }
        udp.closeFuture().sync();
    }

    private static final class Connections extends ChannelInitializer<QuicChannel> {
        private final String key;

        Connections(String key) {
            this.key = key;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void initChannel(QuicChannel connection) {
            Datagrams datagrams = new Datagrams(connection);
            CONNECTIONS.add(datagrams);
            connection.closeFuture().addListener(closed -> CONNECTIONS.remove(datagrams));
            connection.pipeline().addLast(datagrams);
            connection
                    .pipeline()
                    .addLast(new Http3ServerConnectionHandler(
                            new ChannelInitializer<QuicStreamChannel>() {
                                @Override
                                protected void initChannel(QuicStreamChannel stream) {
                                    datagrams.opened(stream);
                                    stream.pipeline().addLast(new QuicheTunnel(key, datagrams));
                                }
                            },
                            null,
                            null,
                            new DefaultHttp3SettingsFrame(
                                    new Http3Settings().enableH3Datagram(true).enableConnectProtocol(true)),
                            true));
        }
    }

    private interface Target {
        void send(byte[] payload) throws IOException;
    }

    /** The HTTP Datagrams of a connection (RFC 9297, 2.1), for tunnels that are registered. */
    static final class Datagrams extends ChannelInboundHandlerAdapter {
        private final QuicChannel connection;
        private final Map<Long, Target> targets = new HashMap<>();
        private volatile long next;

        Datagrams(QuicChannel connection) {
            this.connection = connection;
        }

        void opened(QuicStreamChannel stream) {
            next = stream.streamId() + 4;
        }

        /** Takes no streams after those that are there. */
        void goaway() throws InterruptedException {
            Http3.getLocalControlStream(connection)
                    .writeAndFlush(new DefaultHttp3GoAwayFrame(next))
                    .sync();
        }

        void register(QuicStreamChannel stream, DatagramSocket target, SocketAddress address) {
            targets.put(
                    stream.streamId() / 4,
                    payload -> target.send(new DatagramPacket(payload, payload.length, address)));
        }

        void forget(QuicStreamChannel stream) {
            targets.remove(stream.streamId() / 4);
        }

        /** Sends a payload of a target, with context id 0; tests have no more than 63 streams. */
        void toClient(QuicStreamChannel stream, byte[] payload, int length) {
            ByteBuf frame = connection.alloc().directBuffer(length + 2);
            frame.writeByte((int) (stream.streamId() / 4)).writeByte(0).writeBytes(payload, 0, length);
            connection.writeAndFlush(frame);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
            if (!(message instanceof ByteBuf frame)) {
                context.fireChannelRead(message);
                return;
            }
            Target target = targets.get((long) frame.readUnsignedByte());
            if (target != null && frame.readByte() == 0) {
                byte[] payload = new byte[frame.readableBytes()];
                frame.readBytes(payload);
                target.send(payload);
            }
            frame.release();
        }
    }
}
