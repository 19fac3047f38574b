package dev.masque.netty;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection inside a tunnel, in the place of a socket: what is written goes to a {@link ByteStream}, as far as that takes
 * it, and what arrives there is read from here, as far as somebody reads. Both keep what they cannot pass on, bounded.
 */
final class CarriedChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final long LINGER_SECONDS = 2;

    private final ByteStream stream;
    private final InetSocketAddress remote;
    private final CarriedInput input = new CarriedInput();
    private final CarriedConfig config = new CarriedConfig(this);
    private boolean readPending;
    private boolean delivering;
    private boolean started;
    private boolean inputShut;
    private boolean outputShut;
    private volatile boolean aborts;
    private volatile boolean closed;

    /**
     * A channel that is connected.
     *
     * @param stream paused
     * @param remote where it leads, may be unresolved
     */
    CarriedChannel(ByteStream stream, InetSocketAddress remote) {
        super(null);
        this.stream = stream;
        this.remote = remote;
    }

    /** Takes what arrives. */
    ByteHandler handler() {
        return new Arrivals();
    }

    /** From now on closing it is a reset. */
    void aborts() {
        aborts = true;
    }

    @Override
    public CarriedConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isActive() {
        return !closed;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new CarriedUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true; // it waits for nothing but tasks
    }

    @Override
    protected SocketAddress localAddress0() {
        return new InetSocketAddress(0);
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a tunnel has no local address");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        if (!started) {
            started = true;
            stream.resume();
        }
        if (!delivering && input.isReady()) {
            eventLoop().execute(this::deliver);
        }
    }

    /** One batch for each time that somebody asks for one. */
    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            ByteBuf next = readPending ? input.poll(stream) : null;
            while (next != null) {
                readPending = false;
                for (; next != null; next = input.poll(stream)) {
                    pipeline().fireChannelRead(next);
                }
                pipeline().fireChannelReadComplete();
                next = readPending ? input.poll(stream) : null;
            }
        } finally {
            delivering = false;
        }
        if (input.isExhausted()) {
            inputEnded();
        }
    }

    private void inputEnded() {
        StreamFailure failure = input.failure();
        if (failure != null) {
            pipeline().fireExceptionCaught(new IOException("the tunnel broke: " + failure.reason(), failure.cause()));
        } else if (config.isAllowHalfClosure() && !input.isOver()) {
            if (!inputShut) {
                inputShut = true;
                pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            }
            return;
        }
        unsafe().close(voidPromise());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws ClosedChannelException {
        boolean flushed = true;
        for (Object message = out.current(); message != null; message = out.current()) {
            if (closed || outputShut || input.isOver()) {
                throw new ClosedChannelException();
            }
            if (!stream.isWritable()) {
                if (flushed) {
                    return; // until there is room again
                }
                stream.flush(); // what waits unsent would never make room
                flushed = true;
                continue;
            }
            for (ByteBuffer part : ((ByteBuf) message).nioBuffers()) {
                stream.write(part);
            }
            flushed = false;
            out.remove();
        }
        if (!flushed) {
            stream.flush();
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("not bytes: " + message.getClass());
    }

    @Override
    protected void doClose() {
        if (closed) {
            return;
        }
        closed = true;
        input.discard();
        if (aborts) {
            stream.reset(ResetReason.CANCEL);
            return;
        }
        stream.end();
        stream.resume(); // for the peer's end
        try {
            if (isRegistered()) {
                eventLoop().schedule(() -> stream.reset(ResetReason.CANCEL), LINGER_SECONDS, TimeUnit.SECONDS);
            }
        } catch (RejectedExecutionException stopped) {
            stream.reset(ResetReason.CANCEL);
        }
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut || closed;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut || closed;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShut = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShut = true;
        stream.end();
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownOutput();
        return shutdownInput(promise);
    }

    private void onLoop(Runnable task) {
        if (!isRegistered()) {
            return; // the first read looks
        }
        if (eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException stopped) {
            stream.reset(ResetReason.CANCEL);
        }
    }

    private final class CarriedUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("it is connected"));
        }

        /** The stream takes more. */
        void again() {
            super.flush0();
        }
    }

    /** On the stream's executor. */
    private final class Arrivals implements ByteHandler {
        @Override
        public void data(ByteBuffer data) {
            if (!input.add(data, alloc(), stream)) {
                stream.reset(ResetReason.CANCEL);
            }
        }

        @Override
        public void dataComplete() {
            onLoop(CarriedChannel.this::deliver);
        }

        @Override
        public void end() {
            input.end();
            onLoop(CarriedChannel.this::deliver);
        }

        @Override
        public void writable() {
            onLoop(() -> {
                if (!closed) {
                    ((CarriedUnsafe) unsafe()).again();
                }
            });
        }

        @Override
        public void closed(@Nullable StreamFailure failure) {
            input.over(failure);
            onLoop(CarriedChannel.this::deliver);
        }
    }
}
