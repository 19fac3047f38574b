package dev.masque.netty;

import dev.masque.core.spi.SessionLimits;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.AsciiString;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Netty's HTTP/2 connection with our limits, and the ends of batches and connections told to the session. */
final class H2Codec extends Http2ConnectionHandler {
    private static final int RESET_SECONDS = 30;
    private static final long WINDOW_NANOS = RESET_SECONDS * 1_000_000_000L;
    private static final int LEAST_RESETS = 200;

    /** Few, since a peer counts RST_STREAM frames, too. */
    private static final int LATE_ANSWERS = 20;

    /** Many windows full. */
    private static final int LATE_FRAMES = 1 << 17;

    /** Fields that no compression table may hold: RFC 7541, 7.1.3. */
    private static final Set<String> SECRETS = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    private final H2Session session;
    private final FloodGuard errors;
    private final FloodGuard lateAnswers = new FloodGuard(LATE_ANSWERS, WINDOW_NANOS);
    private final FloodGuard late = new FloodGuard(LATE_FRAMES, WINDOW_NANOS);

    private H2Codec(
            H2Session session,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            int resets) {
        super(decoder, encoder, settings, true);
        this.session = session;
        this.errors = new FloodGuard(resets, WINDOW_NANOS);
    }

    static H2Codec create(H2Session session, SessionLimits limits, boolean server) {
        Http2Settings settings = new Http2Settings()
                .initialWindowSize(limits.streamWindow())
                .maxHeaderListSize(limits.maxFieldSectionSize());
        if (server) {
            settings.maxConcurrentStreams(limits.maxStreams()).connectProtocolEnabled(true);
        } else {
            settings.pushEnabled(false);
        }
        return new Builder(session, limits, settings, server).build();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        session.readStarted();
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        session.readComplete();
        super.channelReadComplete(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context); // closes the streams
        session.lost();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        session.blame(cause);
        if (io.netty.handler.codec.http2.Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(context, cause);
        } else {
            context.close();
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        session.blame(cause);
        super.onConnectionError(context, outbound, cause, error);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        session.streamError(error.streamId(), error);
        if (!outbound && isLate(error) && !late.exceeded(System.nanoTime())) {
            if (!lateAnswers.exceeded(System.nanoTime())) {
                super.onStreamError(context, outbound, cause, error);
            }
        } else if (errors.exceeded(System.nanoTime())) {
            onError(
                    context,
                    outbound,
                    Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many malformed messages"));
        } else {
            super.onStreamError(context, outbound, cause, error);
        }
    }

    /** What was on its way when its stream was reset is no offence of the peer's, RFC 9113, 5.1. */
    private boolean isLate(Http2Exception.StreamException error) {
        return error.error() == Http2Error.STREAM_CLOSED && connection().stream(error.streamId()) == null;
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<H2Codec, Builder> {
        private final H2Session session;
        private final int resets;

        Builder(H2Session session, SessionLimits limits, Http2Settings settings, boolean server) {
            this.session = session;
            // closing all tunnels at once is no attack; opening and closing them faster than that is
            this.resets = Math.max(LEAST_RESETS, 2 * Math.min(limits.maxStreams(), 1 << 20));
            DefaultHttp2Connection connection = new DefaultHttp2Connection(server);
            connection
                    .remote()
                    .flowController(new DefaultHttp2RemoteFlowController(
                            connection, new UniformStreamByteDistributor(connection)));
            H2Events events = new H2Events(session, connection);
            connection.addListener(events);
            connection(connection);
            frameListener(events);
            initialSettings(settings);
            validateHeaders(true);
            encoderEnforceMaxConcurrentStreams(false);
            encoderEnforceMaxQueuedControlFrames(10_000);
            encoderEnforceMaxRstFramesPerWindow(0, 0); // our own; those that the peer provokes are counted above
            // a server can reset no more than its client opens: some proxies reset every tunnel that their target ends
            decoderEnforceMaxRstFramesPerWindow(server ? resets : 0, RESET_SECONDS);
            decoderEnforceMaxConsecutiveEmptyDataFrames(2);
            decoderEnforceMaxSmallContinuationFrames(16);
            decoupleCloseAndGoAway(true);
            headerSensitivityDetector(
                    (name, value) -> SECRETS.contains(AsciiString.of(name).toString()));
        }

        @Override
        protected H2Codec build() {
            return super.build();
        }

        @Override
        protected H2Codec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initialSettings) {
            return new H2Codec(session, decoder, encoder, initialSettings, resets);
        }
    }
}
