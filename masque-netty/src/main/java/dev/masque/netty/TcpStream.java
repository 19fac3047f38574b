package dev.masque.netty;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection. State without {@code volatile} belongs to the event loop of the channel. Each direction ends alone: the
 * peer's FIN is {@link ByteHandler#end()}, ours is {@link #end()}, and after both the socket is closed.
 */
final class TcpStream extends ChannelInboundHandlerAdapter implements ByteStream {
    private final SocketChannel channel;

    /** What one read brought to a paused stream: epoll makes Netty read when a connection is reset, or an event was under way. */
    final Deque<ByteBuf> held = new ArrayDeque<>(0);

    @Nullable private ByteHandler handler;

    @Nullable private StreamFailure failure;

    private boolean paused = true;
    private boolean delivering;
    private boolean delivered;
    private boolean inputEnded;
    private boolean inputDone;
    private boolean outputDone;
    private boolean over;
    private volatile boolean outputEnded;

    TcpStream(SocketChannel channel) {
        this.channel = channel;
    }

    /** Takes over the connected channel; on its event loop. */
    void start(ByteHandler handler) {
        this.handler = handler;
        channel.pipeline().addLast(this);
    }

    @Override
    public boolean write(ByteBuffer data) {
        if (outputEnded || !channel.isOpen()) {
            data.position(data.limit());
            return false;
        }
        ByteBuf copy = channel.alloc().buffer(data.remaining());
        copy.writeBytes(data);
        channel.write(copy, channel.voidPromise());
        return channel.isWritable();
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void end() {
        if (outputEnded) {
            return;
        }
        outputEnded = true;
        // the FIN has to wait until the bytes before it are with the system: shutdownOutput() would drop them
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                channel.shutdownOutput().addListener(shut -> outputShut(shut.cause()));
            }
        });
    }

    @Override
    public void reset(ResetReason reason) {
        outputEnded = true;
        onLoop(() -> fail(StreamFailure.local(reason, null)));
    }

    @Override
    public boolean isWritable() {
        return !outputEnded && channel.isWritable();
    }

    @Override
    public void pause() {
        onLoop(() -> {
            paused = true;
            channel.config().setAutoRead(false);
        });
    }

    @Override
    public void resume() {
        onLoop(() -> {
            paused = false;
            channel.config().setAutoRead(true);
            if (!held.isEmpty() || inputEnded) {
                // not from here: the caller may be inside a callback
                channel.eventLoop().execute(this::deliverHeld);
            }
        });
    }

    @Override
    public Executor executor() {
        return channel.eventLoop();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (over) {
            data.release();
        } else if (paused || !held.isEmpty()) {
            held.add(data);
        } else {
            deliver(data);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (delivered && !over) {
            delivered = false;
            guarded(ByteHandler::dataComplete);
        }
        if (paused && !over && !held.isEmpty()) {
            IOException error = SocketKind.pendingError(channel);
            if (error != null) {
                exceptionCaught(context, error);
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            deliverHeld();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!over && isWritable()) {
            guarded(ByteHandler::writable);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            fail(
                    SocketErrors.isReset(cause)
                            ? StreamFailure.remote(ResetReason.CONNECT_ERROR, -1)
                            : StreamFailure.local(ResetReason.CONNECT_ERROR, cause));
        } else {
            fail(StreamFailure.local(ResetReason.INTERNAL_ERROR, cause));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (failure == null && !(inputDone && outputDone)) {
            failure = StreamFailure.local(ResetReason.SESSION_LOST, null);
        }
        over = true;
        outputEnded = true;
        releaseHeld();
        guarded(last -> last.closed(failure));
    }

    private void deliver(ByteBuf data) {
        try {
            delivered = true;
            guarded(to -> to.data(data.nioBuffer()));
        } finally {
            data.release();
        }
    }

    private void deliverHeld() {
        if (delivering) {
            return;
        }
        delivering = true;
        boolean some = false;
        while (!paused && !over && !held.isEmpty()) {
            some = true;
            deliver(held.remove());
        }
        delivering = false;
        if (some && !over) {
            delivered = false;
            guarded(ByteHandler::dataComplete);
        }
        if (inputEnded && !inputDone && !paused && !over && held.isEmpty()) {
            inputDone = true;
            guarded(ByteHandler::end);
            closeIfDone();
        }
    }

    private void outputShut(@Nullable Throwable problem) {
        if (problem == null) {
            outputDone = true;
            closeIfDone();
        } else {
            fail(StreamFailure.remote(ResetReason.CONNECT_ERROR, -1)); // a socket that the peer has reset
        }
    }

    private void closeIfDone() {
        if (inputDone && outputDone && !over) {
            over = true;
            channel.close();
        }
    }

    private void fail(StreamFailure why) {
        if (over) {
            return;
        }
        over = true;
        outputEnded = true;
        failure = why;
        releaseHeld();
        SocketKind.abort(channel);
    }

    private void releaseHeld() {
        for (ByteBuf data = held.poll(); data != null; data = held.poll()) {
            data.release();
        }
    }

    private void guarded(Call call) {
        ByteHandler to = handler;
        if (to == null) {
            return;
        }
        try {
            call.on(to);
        } catch (RuntimeException e) {
            fail(StreamFailure.local(ResetReason.INTERNAL_ERROR, e));
        }
    }

    private void onLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    private interface Call {
        void on(ByteHandler handler);
    }
}
