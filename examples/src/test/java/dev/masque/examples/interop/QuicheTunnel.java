package dev.masque.examples.interop;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request to a {@link QuicheProxy}, and its tunnel. For the thread of its connection. */
final class QuicheTunnel extends Http3RequestStreamInboundHandler {
    private static final Pattern UDP = Pattern.compile("/\\.well-known/masque/udp/([^/]+)/(\\d+)/");
    private static final MultiThreadIoEventLoopGroup TARGETS =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final String key;
    private final QuicheProxy.Datagrams datagrams;

    @Nullable private SocketChannel target;

    @Nullable private DatagramSocket udp;

    QuicheTunnel(String key, QuicheProxy.Datagrams datagrams) {
        this.key = key;
        this.datagrams = datagrams;
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) throws IOException {
        Http3Headers head = frame.headers();
        QuicStreamChannel stream = (QuicStreamChannel) context.channel();
        if (!("Preshared " + key).contentEquals(String.valueOf(head.get("proxy-authorization")))) {
            refuse(stream, "403", "http_request_denied");
            return;
        }
        Matcher path = UDP.matcher(String.valueOf(head.path()));
        if (head.protocol() != null && path.matches()) {
            openUdp(stream, new InetSocketAddress(path.group(1), Integer.parseInt(path.group(2))));
        } else {
            String authority = head.authority().toString();
            int colon = authority.lastIndexOf(':');
            openTcp(
                    stream,
                    new InetSocketAddress(
                            authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1))));
        }
    }

    private static void answer(QuicStreamChannel stream, Http3Headers head) {
        stream.writeAndFlush(new DefaultHttp3HeadersFrame(head));
    }

    private void openTcp(QuicStreamChannel stream, InetSocketAddress address) {
        stream.config().setAutoRead(false);
        EventLoop loop = stream.eventLoop();
        tcp(stream)
                .connect(address)
                .addListener((ChannelFuture made) -> loop.execute(() -> {
                    if (!made.isSuccess()) {
                        refuse(stream, "502", "connection_refused");
                        return;
                    }
                    target = (SocketChannel) made.channel();
                    answer(stream, new DefaultHttp3Headers().status("200"));
                    stream.config().setAutoRead(true);
                    target.config().setAutoRead(true);
                }));
    }

    private static void refuse(QuicStreamChannel stream, String status, String error) {
        Http3Headers answer = new DefaultHttp3Headers().status(status).add("proxy-status", "quiche; error=" + error);
        stream.writeAndFlush(new DefaultHttp3HeadersFrame(answer)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    }

    private static Bootstrap tcp(QuicStreamChannel stream) {
        return new Bootstrap()
                .group(TARGETS)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new TcpTarget(stream));
    }

    /** With a socket that is not connected: those of the JDK that are, and Netty's, send no empty datagrams. */
    private void openUdp(QuicStreamChannel stream, InetSocketAddress address) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        udp = socket;
        datagrams.register(stream, socket, address);
        answer(stream, new DefaultHttp3Headers().status("200").add("capsule-protocol", "?1"));
        Thread reader = new Thread(() -> read(stream, socket), "target");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(QuicStreamChannel stream, DatagramSocket socket) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
                socket.receive(packet);
                stream.eventLoop().execute(() -> datagrams.toClient(stream, packet.getData(), packet.getLength()));
            }
        } catch (IOException closed) {
            stream.close();
        }
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
        SocketChannel to = target;
        if (to == null) {
            frame.release(); // capsules, of which it knows none
            return;
        }
        to.writeAndFlush(frame.content());
        if (!to.isWritable()) {
            context.channel().config().setAutoRead(false);
            if (to.isWritable()) { // it has a thread of its own, which may have said so in between
                context.channel().config().setAutoRead(true);
            }
        }
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext context) {
        if (target != null) {
            target.eventLoop().execute(target::shutdownOutput);
        } else if (udp != null) {
            udp.close();
        }
    }

    @Override
    protected void handleQuicException(ChannelHandlerContext context, QuicException failure) {
        if (target != null) { // a stream that is reset is a connection that is reset
            target.config().setSoLinger(0);
        }
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        datagrams.forget((QuicStreamChannel) context.channel());
        if (target != null) {
            target.close();
        }
        if (udp != null) {
            udp.close();
        }
        super.channelInactive(context);
    }

    /** The target's side; reads only while the client's stream takes what comes. */
    private static final class TcpTarget extends ChannelInboundHandlerAdapter {
        private static final int CONNECT_ERROR = 0x10f; // RFC 9114, 8.1

        private final QuicStreamChannel stream;

        TcpTarget(QuicStreamChannel stream) {
            this.stream = stream;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel target = context.channel();
            target.config().setAutoRead(false);
            stream.writeAndFlush(new DefaultHttp3DataFrame((ByteBuf) message))
                    .addListener(written -> target.config().setAutoRead(true));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                stream.config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                stream.shutdownOutput();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            stream.shutdown(CONNECT_ERROR);
            context.close();
        }
    }
}
