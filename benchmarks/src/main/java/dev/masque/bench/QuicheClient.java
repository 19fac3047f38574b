package dev.masque.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Netty's quiche alone: the client of {@link QuicheMain}. For one thread. */
final class QuicheClient implements Carrier, AutoCloseable {
    private static final double FIRST = 32; // MiB/s

    private static final int CHUNK = 64 << 10;
    private static final ByteBuf DATA =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(CHUNK).writeZero(CHUNK));

    private final EventLoopGroup group = BareQuiche.newGroup();
    private final Child server;
    private final QuicChannel connection;
    private final Queue<ByteBuf> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asked = new AtomicBoolean();
    private double down = FIRST;
    private double up = FIRST;
    private volatile long datagrams;

    QuicheClient(Child server, Identity identity) throws IOException {
        this.server = server;
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(identity.certificate().toFile())
                .applicationProtocols(BareQuiche.PROTOCOL)
                .build();
        Channel socket = BareQuiche.bind(
                group,
                BareQuiche.set(new QuicClientCodecBuilder())
                        .sslEngineProvider(channel -> tls.newEngine(channel.alloc(), "localhost", server.port()))
                        .build());
        connection = await(QuicChannel.newBootstrap(socket)
                .handler(new Echoes())
                .streamHandler(new ChannelInboundHandlerAdapter())
                .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, BareQuiche.segments())
                .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
                .connect());
    }

    private static <T> T await(Future<T> future) throws IOException {
        if (!future.awaitUninterruptibly(20, TimeUnit.SECONDS)) {
            throw new IOException("nothing after 20 s");
        }
        if (!future.isSuccess()) {
            throw new IOException(future.cause());
        }
        return future.getNow();
    }

    @Override
    public Subject subject() {
        return server;
    }

    /** To its end: what is not read of a stream that is given up, quiche never gives credit for. */
    @Override
    public double download(int streams, double seconds) throws IOException {
        long count = amount(down, seconds) / streams;
        long began = System.nanoTime();
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            CompletableFuture<Long> came = new CompletableFuture<>();
            stream(new Counter(came))
                    .writeAndFlush(Unpooled.buffer().writeByte('d').writeLong(count))
                    .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            all.add(came);
        }
        down = Bulk.rate(count * streams, sum(all), began);
        return down;
    }

    @Override
    public double upload(int streams, double seconds) throws IOException {
        long count = amount(up, seconds) / streams;
        long began = System.nanoTime();
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            CompletableFuture<Long> answer = new CompletableFuture<>();
            stream(new Pump(count, answer));
            all.add(answer);
        }
        up = Bulk.rate(count * streams, sum(all), began);
        return up;
    }

    private static long sum(List<CompletableFuture<Long>> all) throws IOException {
        long sum = 0;
        for (CompletableFuture<Long> one : all) {
            sum += ProxyClient.await(one);
        }
        return sum;
    }

    /** How many bytes will take about so long. */
    private static long amount(double rate, double seconds) {
        return (long) (rate * seconds * Bulk.MIB);
    }

    private QuicStreamChannel stream(ChannelInboundHandlerAdapter handler) throws IOException {
        return await(connection
                .newStreamBootstrap()
                .type(QuicStreamType.BIDIRECTIONAL)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, BareQuiche.WATER_MARK)
                .handler(handler)
                .create());
    }

    /** Counts to the end. */
    private static final class Counter extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Long> all;
        private long count;

        Counter(CompletableFuture<Long> all) {
            this.all = all;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            count += ((ByteBuf) message).readableBytes();
            ((ByteBuf) message).release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                all.complete(count);
                context.close();
            }
        }
    }

    /** Sends so many bytes, and takes the answer. */
    private static final class Pump extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Long> answer;
        private final ByteBuf head = Unpooled.buffer(Long.BYTES);
        private long left;

        Pump(long bytes, CompletableFuture<Long> answer) {
            this.left = bytes;
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.write(Unpooled.buffer().writeByte('u'));
            fill(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            fill(context);
        }

        private void fill(ChannelHandlerContext context) {
            while (left > 0 && context.channel().isWritable()) {
                int count = (int) Math.min(left, CHUNK);
                left -= count;
                ByteBuf data = DATA.slice(0, count);
                if (left > 0) {
                    context.write(data, context.voidPromise());
                } else {
                    context.write(data).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
                }
            }
            context.flush();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            head.writeBytes((ByteBuf) message);
            ((ByteBuf) message).release();
            if (!head.isWritable()) {
                answer.complete(head.getLong(0));
                context.close();
            }
        }
    }

    /** Sends datagrams of that size, as many as there are together. */
    Offer.Sender sender(int payload) {
        ByteBuf datagram =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(payload).writeZero(payload));
        return () -> {
            waiting.add(datagram.duplicate());
            if (asked.compareAndSet(false, true)) {
                connection.eventLoop().execute(this::flush);
            }
            return true;
        };
    }

    private void flush() {
        asked.set(false);
        for (ByteBuf datagram = waiting.poll(); datagram != null; datagram = waiting.poll()) {
            connection.write(datagram, connection.voidPromise());
        }
        connection.flush();
    }

    /** How many datagrams have come back. */
    long datagrams() {
        return datagrams;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
    }

    /** Counts the datagrams that come. */
    private final class Echoes extends ChannelInboundHandlerAdapter {
        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf datagram) {
                datagrams++;
                datagram.release();
            } else {
                context.fireChannelRead(message);
            }
        }
    }
}
