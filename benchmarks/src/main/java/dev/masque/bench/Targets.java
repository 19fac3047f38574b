package dev.masque.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What tunnels lead to: a source, a sink, an echo, and one that hangs up, each on a port of loopback, all on one thread. */
final class Targets implements AutoCloseable {
    private static final int CHUNK = 64 << 10;

    /** What they do. */
    enum Kind {
        /** Reads a number of eight bytes, sends so many bytes, and ends. */
        SOURCE,
        /** Reads to the end, sends back how many bytes that were, as a number of eight bytes, and ends. */
        SINK,
        /** Sends everything back. */
        ECHO,
        /** Ends at once. */
        HANG_UP
    }

    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> kind;
    private final AtomicLong sunk = new AtomicLong();
    private final AtomicLong hungUp = new AtomicLong();
    private final int source;
    private final int sink;
    private final int echo;
    private final int hangUp;

    Targets() throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("targets", true), io);
        this.kind = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        this.source = listen(Source::new);
        this.sink = listen(() -> new Sink(sunk));
        this.echo = listen(Echo::new);
        this.hangUp = listen(() -> new HangUp(hungUp));
    }

    /** Reads a number of eight bytes, sends so many bytes, and ends. */
    String source() {
        return "127.0.0.1:" + source;
    }

    /** Reads to the end, sends back how many bytes that were, as a number of eight bytes, and ends. */
    String sink() {
        return "127.0.0.1:" + sink;
    }

    /** Sends everything back. */
    String echo() {
        return "127.0.0.1:" + echo;
    }

    /** The port of loopback on which one is. */
    int port(Kind kind) {
        return switch (kind) {
            case SOURCE -> source;
            case SINK -> sink;
            case ECHO -> echo;
            case HANG_UP -> hangUp;
        };
    }

    /** Where one is, as CONNECT says it. */
    String address(Kind kind) {
        return "127.0.0.1:" + port(kind);
    }

    /** How many connections were ended at once. */
    long hungUp() {
        return hungUp.get();
    }

    /** How many bytes the sink has read, of all connections. */
    long sunk() {
        return sunk.get();
    }

    private int listen(Supplier<ChannelHandler> handlers) throws IOException {
        try {
            return ((InetSocketAddress) new ServerBootstrap()
                            .group(group)
                            .channel(kind)
                            .option(ChannelOption.SO_BACKLOG, 4096)
                            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                            .childOption(ChannelOption.TCP_NODELAY, true)
                            .childOption(
                                    ChannelOption.WRITE_BUFFER_WATER_MARK,
                                    new WriteBufferWaterMark(128 << 10, 512 << 10))
                            .childHandler(new ChannelInitializer<SocketChannel>() {
                                @Override
                                protected void initChannel(SocketChannel channel) {
                                    channel.pipeline().addLast(handlers.get());
                                }
                            })
                            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .sync()
                            .channel()
                            .localAddress())
                    .getPort();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly(2000);
    }

    /** What the three share: the peer's end answers with ours, a failure closes. */
    abstract static class Target extends ChannelInboundHandlerAdapter {
        /** The peer has sent everything. */
        void ended(ChannelHandlerContext context) {
            finish(context, Unpooled.EMPTY_BUFFER);
        }

        static void finish(ChannelHandlerContext context, ByteBuf last) {
            DuplexChannel channel = (DuplexChannel) context.channel();
            context.writeAndFlush(last).addListener(sent -> {
                channel.shutdownOutput();
                if (channel.isInputShutdown()) { // else when that comes
                    channel.close();
                }
            });
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ended(context);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    static final class Source extends Target {
        private static final ByteBuf DATA =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(CHUNK).writeZero(CHUNK));

        private final ByteBuf head = Unpooled.buffer(Long.BYTES);
        private long left = -1;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            if (left < 0) {
                head.writeBytes(data, Math.min(data.readableBytes(), head.writableBytes()));
                if (!head.isWritable(1)) {
                    left = head.readLong();
                    fill(context);
                }
            }
            data.release();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            fill(context);
        }

        private void fill(ChannelHandlerContext context) {
            while (left > 0 && context.channel().isWritable()) {
                int count = (int) Math.min(left, CHUNK);
                left -= count;
                context.write(DATA.slice(0, count), context.voidPromise());
                if (left == 0) {
                    finish(context, Unpooled.EMPTY_BUFFER);
                }
            }
            context.flush();
        }

        @Override
        void ended(ChannelHandlerContext context) {
            if (((DuplexChannel) context.channel()).isOutputShutdown()) {
                context.close();
            } // else it still gets what it asked for
        }
    }

    static final class Sink extends Target {
        private final AtomicLong all;
        private long count;

        Sink(AtomicLong all) {
            this.all = all;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            count += data.readableBytes();
            all.lazySet(all.get() + data.readableBytes()); // one thread writes
            data.release();
        }

        @Override
        void ended(ChannelHandlerContext context) {
            finish(context, Unpooled.buffer(Long.BYTES).writeLong(count));
        }
    }

    private static final class HangUp extends Target {
        private final AtomicLong all;

        HangUp(AtomicLong all) {
            this.all = all;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            all.incrementAndGet();
            ((DuplexChannel) context.channel()).shutdownOutput();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ((ByteBuf) message).release();
        }

        @Override
        void ended(ChannelHandlerContext context) {
            context.close();
        }
    }

    private static final class Echo extends Target {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
