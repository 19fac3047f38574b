package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/** What a peer sends on an HTTP/2 connection, handed to the session; frames that cost it nothing are counted. */
final class H2Events extends Http2EventAdapter {
    private static final int CONTROL_FRAMES = 1_000;
    private static final long CONTROL_WINDOW_NANOS = 10_000_000_000L;

    private final H2Session session;
    private final Http2Connection connection;
    private final FloodGuard control = new FloodGuard(CONTROL_FRAMES, CONTROL_WINDOW_NANOS);

    H2Events(H2Session session, Http2Connection connection) {
        this.session = session;
        this.connection = connection;
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        return stream == null ? data.readableBytes() + padding : session.data(stream, data, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endStream)
            throws Http2Exception {
        onHeadersRead(context, streamId, headers, padding, endStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int streamId, Http2Headers headers, int padding, boolean endStream)
            throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            session.headers(stream, headers, endStream);
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int streamId, long errorCode) {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            session.resetReceived(stream, errorCode);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
        count();
        session.settings(settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
        count();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
        count();
        session.pingAcknowledged(data);
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext context, int streamId, int streamDependency, short weight, boolean exclusive)
            throws Http2Exception {
        count();
    }

    /** We ask for none, before any request, so that not even a peer that does not acknowledge it may promise one. */
    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext context, int streamId, int promisedStreamId, Http2Headers headers, int padding)
            throws Http2Exception {
        throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "a promise that nobody asked for");
    }

    @Override
    public void onUnknownFrame(
            ChannelHandlerContext context, byte frameType, int streamId, Http2Flags flags, ByteBuf payload) {
        // ignored, RFC 9113, 5.5; they cost the peer more than us
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
        session.goAwayReceived(errorCode);
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        session.streamClosed(stream);
    }

    private void count() throws Http2Exception {
        if (control.exceeded(System.nanoTime())) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many control frames");
        }
    }
}
