package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.MasqueException;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * A session over HTTP/1.1: one request at a time. A tunnel ends each direction with a TLS close_notify; TLS 1.2 ends both
 * with the first.
 */
abstract class H1Session extends NettySession {
    private static final long LINGER_NANOS = 1_000_000_000L;
    private static final int MAX_HELD = 256 << 10;

    private final int maxHeld;
    private final H1HeadReader heads;
    private final H1Wire wire = new H1Wire(this);

    /** What could not be looked at yet: part of a head, or of what follows the message under way. */
    @Nullable private ByteBuf rest;

    @Nullable private H1Body body;

    @Nullable private H1Stream current;

    private boolean inputClosed;
    private boolean outputClosed;

    /** Nothing that arrives matters any more. */
    private boolean lingering;

    H1Session(DuplexChannel channel, SessionInfo info, SessionLimits limits, SessionHandler handler, boolean server) {
        super(channel, info, limits, handler, server);
        this.heads = new H1HeadReader(limits.maxFieldSectionSize(), server);
        this.maxHeld = Math.min(limits.streamWindow(), MAX_HELD);
    }

    /** Whether a head may come now. */
    abstract boolean awaitsHead();

    /** A head is complete; sets the body that follows with {@link #expect}. */
    abstract void headReceived(H1Head head) throws MalformedException;

    /** What arrived is not acceptable. */
    abstract void refuse(MalformedException problem);

    /** The message under way has arrived completely. */
    abstract void messageReceived(H1Stream stream);

    /** The stream is over in both directions, as it should. */
    abstract void finished(H1Stream stream);

    /** Our message of the stream is complete. */
    abstract void outputFinished(H1Stream stream);

    /** What arrived at once has been looked at. */
    abstract void batchRead();

    /** Whether another request can follow that of a stream. */
    abstract boolean keepsAlive(H1Stream stream);

    /** Whether the peer of the request under way speaks HTTP/1.0. */
    abstract boolean isHttp10();

    /** Takes over the channel, on its event loop. */
    void start() {
        channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel().pipeline().addLast(wire);
    }

    @Nullable final H1Stream current() {
        return current;
    }

    final void current(@Nullable H1Stream stream) {
        current = stream;
    }

    final void expect(@Nullable H1Body next) {
        body = next;
    }

    final boolean hasRest() {
        return rest != null;
    }

    final boolean isInputClosed() {
        return inputClosed;
    }

    @Override
    public final boolean supportsExtendedConnect() {
        return true;
    }

    @Override
    int openStreams() {
        return current == null ? 0 : 1;
    }

    @Override
    final void flushChannel() {
        channel().flush();
    }

    @Override
    final void sayGoodbye() {}

    /** With a close_notify a tunnel would look complete; a server that refuses a request still has to say why. */
    @Override
    final boolean isCut() {
        H1Stream stream = current;
        return stream != null && !stream.isOutputDone() && !lingering && (stream.isTunnel() || !isServer());
    }

    final void write(ByteBuf data) {
        channel().write(data, channel().voidPromise());
    }

    final void write(ByteBuf data, ChannelPromise promise) {
        channel().write(data, promise);
    }

    /** Bytes arrived; the buffer stays the caller's. */
    final void received(ByteBuf data) {
        ByteBuf waiting = rest;
        if (lingering) {
            return;
        }
        if (waiting == null) {
            process(data);
            if (data.isReadable() && !lingering && !isClosing()) {
                rest = data.alloc().buffer(data.readableBytes()).writeBytes(data);
            }
        } else {
            waiting.writeBytes(data);
            processRest();
        }
        batchRead();
        updateReading();
    }

    final void processRest() {
        ByteBuf waiting = rest;
        if (waiting == null) {
            return;
        }
        process(waiting);
        if (!waiting.isReadable() || lingering || isClosing()) {
            rest = null;
            waiting.release();
        } else {
            waiting.discardSomeReadBytes();
        }
    }

    private void process(ByteBuf in) {
        try {
            while (in.isReadable() && !lingering && !isClosing()) {
                H1Body content = body;
                if (content != null) {
                    receive(content, in);
                } else if (awaitsHead()) {
                    H1Head head = heads.read(in);
                    if (head == null) {
                        return;
                    }
                    headReceived(head);
                    completeIfEmpty();
                } else {
                    return;
                }
            }
        } catch (MalformedException e) {
            refuse(e);
        }
    }

    private void receive(H1Body content, ByteBuf in) throws MalformedException {
        H1Stream stream = current;
        for (ByteBuf part = content.next(in); part != null; part = content.next(in)) {
            if (stream != null) {
                stream.received(part);
            }
        }
        if (content.isDone()) {
            body = null;
            if (stream != null) {
                messageReceived(stream);
            }
        }
    }

    private void completeIfEmpty() {
        H1Stream stream = current;
        if (body == null && stream != null && !awaitsHead()) {
            messageReceived(stream);
        }
    }

    /** The peer ended its direction, with a close_notify or without. */
    final void inputClosed(boolean clean) {
        if (inputClosed || lingering || isClosing()) {
            return;
        }
        inputClosed = true;
        H1Body content = body;
        H1Stream stream = current;
        if (stream == null) {
            close(hasRest() ? new MasqueException("the peer closed inside a head") : null);
        } else if (content != null && content.endsWithConnection() && clean) {
            body = null;
            messageReceived(stream);
        } else if (!stream.isInputEnded()) {
            stream.fail(new StreamFailure(ResetReason.INCOMPLETE, -1, true, null));
            close(new MasqueException("the peer closed inside a message"));
        }
    }

    /** Ends our direction of the connection. */
    final void endOutput() {
        if (outputClosed) {
            return;
        }
        outputClosed = true;
        channel().flush();
        SslHandler tls = channel().pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        }
    }

    final void finishIfDone(H1Stream stream) {
        if (!stream.isOver() && stream.isInputDone() && stream.isOutputDone()) {
            stream.finish(null);
            current = null;
            finished(stream);
            streamsChanged();
        }
    }

    /** Closes after what was written, and reads a while longer so that the system does not throw it away. */
    final void closeSoon() {
        if (lingering || isClosing()) {
            return;
        }
        lingering = true;
        endOutput();
        channel().config().setAutoRead(true);
        if (inputClosed) {
            close(null);
        } else {
            schedule(() -> close(null), LINGER_NANOS);
        }
    }

    final boolean isLingering() {
        return lingering;
    }

    /** Reads from the network unless too much waits already. */
    final void updateReading() {
        H1Stream stream = current;
        boolean full =
                stream != null && stream.heldBytes() >= maxHeld || rest != null && rest.readableBytes() > heads.limit();
        channel().config().setAutoRead(!full || lingering);
    }

    /** The connection is gone. */
    final void connectionLost() {
        H1Stream stream = current;
        current = null;
        if (stream != null) {
            stream.fail(lossOfStream());
        }
        if (rest != null) {
            rest.release();
            rest = null;
        }
        lost();
    }
}
