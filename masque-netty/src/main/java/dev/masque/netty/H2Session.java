package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.MasqueException;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A session over HTTP/2. Streams are our own objects beside Netty's, without channels. */
final class H2Session extends NettySession {
    private static final long PING = 0x6d61737175650001L;
    private static final long DRAIN_PATIENCE_NANOS = 2_000_000_000L;

    private final H2Codec codec;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final H2Window window;

    private final H2Places places = new H2Places();

    @Nullable private ChannelHandlerContext context;

    @Nullable private Runnable ready;

    private boolean settled;
    private boolean goAwayFinal;
    private volatile boolean draining;
    private volatile boolean extendedConnect;

    H2Session(DuplexChannel channel, SessionInfo info, SessionLimits limits, SessionHandler handler, boolean server) {
        super(channel, info, limits, handler, server);
        this.codec = H2Codec.create(this, limits, server);
        this.connection = codec.connection();
        this.key = connection.newKey();
        this.window = new H2Window(connection, limits);
    }

    /** Takes over the channel, on its event loop. {@code ready} runs when the peer's SETTINGS are there. */
    void start(Runnable ready) {
        this.ready = ready;
        channel().pipeline().addLast(codec);
        ChannelHandlerContext added = channel().pipeline().context(codec);
        context = added;
        window.open();
        codec.flush(added);
        schedule(
                () -> {
                    if (!settled) {
                        close(new MasqueException("no SETTINGS in time"));
                    }
                },
                limits().handshakeTimeout().toNanos());
    }

    @Override
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> handler) {
        if (isServer()) {
            throw new IllegalStateException("only a client opens streams");
        }
        H2Stream stream = new H2Stream(this, head);
        stream.handler(handler.apply(stream));
        if (head.protocol() != null && !extendedConnect) {
            refuse(stream, new MasqueException("the peer takes no extended CONNECT"));
        } else if (draining || isClosing() || !places.take()) {
            refuse(stream, null);
        } else {
            stream.reserved();
            stream.out().start(head);
            onLoop(() -> markDirty(stream));
        }
        return stream;
    }

    private void refuse(H2Stream stream, @Nullable Throwable why) {
        onLoop(() -> stream.fail(StreamFailure.local(ResetReason.REFUSED, why)));
    }

    @Override
    public int availableStreams() {
        return isServer() || draining || isClosing() ? 0 : places.free();
    }

    @Override
    public boolean supportsExtendedConnect() {
        return extendedConnect;
    }

    @Override
    int openStreams() {
        return connection.numActiveStreams();
    }

    @Override
    void flushChannel() {
        if (context != null) {
            codec.flush(context);
        }
    }

    @Override
    void sayGoodbye() {
        if (!goAwayFinal) {
            goAway(connection.remote().lastStreamCreated(), Http2Error.NO_ERROR);
        }
    }

    @Override
    void drainNow() {
        if (draining && connection.goAwaySent()) {
            return;
        }
        draining = true;
        if (isServer()) {
            // first a warning: what is on its way is still taken. After a round trip the real limit, RFC 9113, 6.8
            goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
            ChannelHandlerContext to = context;
            if (to != null) {
                encoder().writePing(to, false, PING, to.newPromise());
            }
            schedule(this::finishDrain, DRAIN_PATIENCE_NANOS);
        } else {
            finishDrain();
        }
        requestFlush();
    }

    void pingAcknowledged(long data) {
        if (data == PING) {
            finishDrain();
        }
    }

    private void finishDrain() {
        if (!goAwayFinal) {
            goAway(connection.remote().lastStreamCreated(), Http2Error.NO_ERROR);
            requestFlush();
            closeIfDrained();
        }
    }

    private void goAway(int lastStream, Http2Error code) {
        goAwayFinal |= lastStream != Integer.MAX_VALUE;
        ChannelHandlerContext to = context;
        if (to != null && to.channel().isActive()) {
            codec.goAway(to, lastStream, code.code(), Unpooled.EMPTY_BUFFER, to.newPromise());
        }
    }

    private void closeIfDrained() {
        if (draining && (goAwayFinal || connection.goAwayReceived()) && places.areAllFree() && openStreams() == 0) {
            later(() -> close(null)); // what is being written goes first
        }
    }

    void goAwayReceived(long code) {
        boolean first = !draining || !connection.goAwaySent();
        draining = true;
        if (code != Http2Error.NO_ERROR.code()) {
            blame(new MasqueException("the peer closes with error " + code));
        }
        if (first) {
            peerDrains();
        }
        closeIfDrained();
    }

    void settings(Http2Settings settings) throws Http2Exception {
        Long limit = settings.maxConcurrentStreams();
        if (limit != null) {
            places.limit(limit);
        }
        Boolean connect = settings.connectProtocolEnabled();
        if (connect != null) {
            if (extendedConnect && !connect) {
                throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "extended CONNECT taken back");
            }
            extendedConnect = connect;
        }
        if (!settled) {
            settled = true;
            Runnable then = ready;
            ready = null;
            if (then != null) {
                then.run();
            }
        }
    }

    void headers(Http2Stream wire, Http2Headers headers, boolean end) throws Http2Exception {
        H2Stream stream = wire.getProperty(key);
        try {
            if (stream == null) {
                stream = accept(wire, headers);
            } else if (!stream.isHeadReceived()) {
                stream.receivedHead(headers, end);
            } else if (stream.request().isConnect() || !end) {
                throw new MalformedException("HEADERS inside a tunnel or a body"); // RFC 9113, 8.5
            }
        } catch (MalformedException e) {
            if (stream != null) {
                stream.failure(StreamFailure.local(ResetReason.MALFORMED, e));
            }
            throw Http2Exception.streamError(wire.id(), Http2Error.PROTOCOL_ERROR, e, "malformed message");
        }
        if (end && stream != null) {
            stream.receivedEnd();
        }
    }

    @Nullable private H2Stream accept(Http2Stream wire, Http2Headers headers) throws MalformedException {
        if (!isServer()) {
            return null;
        }
        H2Stream stream = new H2Stream(this, H2Heads.request(headers));
        stream.headReceived();
        stream.wire(wire);
        wire.setProperty(key, stream);
        try {
            stream.handler(handler().request(stream));
        } catch (RuntimeException e) {
            complain(e);
            stream.reset(ResetReason.INTERNAL_ERROR);
        }
        return stream;
    }

    /** Returns how many bytes were consumed. */
    int data(Http2Stream wire, ByteBuf data, int padding, boolean end) throws Http2Exception {
        H2Stream stream = wire.getProperty(key);
        if (stream == null) {
            return data.readableBytes() + padding;
        }
        if (!stream.isHeadReceived()) {
            stream.failure(StreamFailure.local(ResetReason.MALFORMED, null));
            throw Http2Exception.streamError(wire.id(), Http2Error.PROTOCOL_ERROR, "DATA before HEADERS");
        }
        int bytes = data.readableBytes();
        int consumed = stream.received(data);
        window.held(bytes - consumed);
        if (end) {
            stream.receivedEnd();
        }
        return consumed + padding;
    }

    void resetReceived(Http2Stream wire, long code) {
        H2Stream stream = wire.getProperty(key);
        if (stream != null) {
            stream.failure(StreamFailure.remote(ResetReason.ofHttp2(code), code));
        }
    }

    /** Netty is about to reset a stream for what the peer did. */
    void streamError(int id, Http2Exception error) {
        Http2Stream wire = connection.stream(id);
        H2Stream stream = wire == null ? null : wire.getProperty(key);
        if (stream != null) {
            ResetReason reason = ResetReason.ofHttp2(error.error().code());
            stream.failure(new StreamFailure(reason, error.error().code(), false, error));
            stream.fail(StreamFailure.local(reason, error));
        }
    }

    /** Netty has closed a stream. */
    void streamClosed(Http2Stream wire) {
        H2Stream stream = wire.removeProperty(key);
        if (stream != null) {
            boolean ignored = connection.goAwayReceived()
                    && connection.local().isValidStreamId(wire.id())
                    && wire.id() > connection.local().lastStreamKnownByPeer();
            stream.wireClosed(ignored ? new StreamFailure(ResetReason.REFUSED, -1, true, null) : lossOfStream());
        }
        if (stream != null) {
            release(stream);
        }
        streamsChanged();
        closeIfDrained();
    }

    private void release(H2Stream stream) {
        if (stream.takeReservation()) {
            places.giveBack();
        }
    }

    void sendRequest(H2Stream stream, RequestHead head, boolean end) {
        ChannelHandlerContext to = context;
        int id = to == null
                        || isClosing()
                        || stream.isOver()
                        || !connection.local().canOpenStream()
                        || connection.goAwayReceived()
                ? -1
                : connection.local().incrementAndGetNextStreamId();
        if (to == null || id < 0) {
            release(stream);
            stream.fail(StreamFailure.local(ResetReason.REFUSED, null));
            closeIfDrained();
            return;
        }
        var promise = to.newPromise();
        encoder().writeHeaders(to, id, H2Heads.encode(head), 0, end, promise);
        Http2Stream wire = connection.stream(id);
        if (wire == null) {
            release(stream);
            stream.fail(StreamFailure.local(ResetReason.REFUSED, promise.cause()));
            return;
        }
        wire.setProperty(key, stream);
        stream.wire(wire);
        promise.addListener(written -> {
            if (!written.isSuccess() && !stream.isGone()) {
                stream.failure(StreamFailure.local(ResetReason.INTERNAL_ERROR, written.cause()));
                reset(stream, ResetReason.INTERNAL_ERROR);
            }
        });
    }

    void sendResponse(Http2Stream wire, ResponseHead head, boolean end) {
        ChannelHandlerContext to = context;
        if (to != null) {
            encoder().writeHeaders(to, wire.id(), H2Heads.encode(head), 0, end, to.newPromise());
        }
    }

    void sendData(H2Stream stream, Http2Stream wire, ByteBuf data, boolean end) {
        ChannelHandlerContext to = context;
        if (to == null) {
            data.release();
        } else {
            encoder().writeData(to, wire.id(), data, 0, end, new SentPromise(to.channel(), stream, data.capacity()));
        }
    }

    void sendEnd(Http2Stream wire) {
        ChannelHandlerContext to = context;
        if (to != null) {
            encoder().writeData(to, wire.id(), Unpooled.EMPTY_BUFFER, 0, true, to.newPromise());
        }
    }

    void reset(H2Stream stream, ResetReason reason) {
        ChannelHandlerContext to = context;
        Http2Stream wire = stream.wire();
        if (to == null || wire == null || stream.isGone()) {
            release(stream); // a request that has not left: it never will
            return;
        }
        if (reason == ResetReason.NO_ERROR) {
            codec.flush(to);
        }
        if (!stream.isGone()) {
            codec.resetStream(to, wire.id(), reason.http2Code(), to.newPromise());
        }
        requestFlush();
    }

    /** Bytes that a stream held have been delivered. */
    void consume(Http2Stream wire, int bytes) {
        try {
            window.consumed(wire, bytes);
        } catch (Http2Exception e) {
            close(e);
        }
    }

    /** Bytes that a stream held are gone with it. */
    void drop(int bytes) {
        try {
            if (inLoop() && !isClosing()) {
                window.dropped(bytes);
            }
        } catch (Http2Exception e) {
            close(e);
        }
    }

    private Http2ConnectionEncoder encoder() {
        return codec.encoder();
    }
}
