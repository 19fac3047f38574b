package dev.masque.examples.interop;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request of a {@link QuicheConnection}, and everything that comes back. */
final class QuicheStream extends Http3RequestStreamInboundHandler {
    private static final long SECONDS = 60;

    final BlockingQueue<byte[]> datagrams = new LinkedBlockingQueue<>();

    private final CompletableFuture<Http3Headers> response = new CompletableFuture<>();
    private final CompletableFuture<byte[]> content = new CompletableFuture<>();
    private final CompletableFuture<Long> reset = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    @Nullable private volatile QuicStreamChannel channel;

    @Nullable QuicStreamChannel channel() {
        return channel;
    }

    Http3Headers response() throws Exception {
        return response.get(SECONDS, TimeUnit.SECONDS);
    }

    int status() throws Exception {
        return Integer.parseInt(response().status().toString());
    }

    /** Everything until the end of the other direction. */
    byte[] content() throws Exception {
        return content.get(SECONDS, TimeUnit.SECONDS);
    }

    /** The code with which the proxy reset the stream. */
    long reset() throws Exception {
        return reset.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Sends bytes, and waits until they have left. */
    void send(byte[] bytes) throws InterruptedException {
        for (int from = 0; from < bytes.length; from += 64 << 10) {
            int length = Math.min(bytes.length - from, 64 << 10);
            Objects.requireNonNull(channel)
                    .writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(bytes, from, length)))
                    .sync();
        }
    }

    void end() throws InterruptedException {
        Objects.requireNonNull(channel).shutdownOutput().sync();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        channel = (QuicStreamChannel) context.channel();
        super.channelActive(context);
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
        response.complete(frame.headers());
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
        byte[] bytes = new byte[frame.content().readableBytes()];
        frame.content().readBytes(bytes);
        frame.release();
        received.writeBytes(bytes);
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext context) {
        content.complete(received.toByteArray());
    }

    @Override
    protected void handleQuicException(ChannelHandlerContext context, QuicException failure) {
        if (failure instanceof QuicStreamResetException byPeer) {
            reset.complete(byPeer.applicationProtocolCode());
        }
        response.completeExceptionally(failure);
        content.completeExceptionally(failure);
    }
}
