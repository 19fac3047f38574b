package dev.masque.netty;

import dev.masque.core.MasqueException;
import dev.masque.core.http3.Goaway;
import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.http3.Heads;
import dev.masque.core.http3.PeerSettings;
import dev.masque.core.http3.UniStreamReader;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A session over HTTP/3 on quiche, RFC 9114. */
final class QuicheSession extends NettySession implements UniStreamReader.Events {
    /** The type of a DATA frame, and its length. */
    private static final int HEADROOM = 9;

    /** Resets after which the session takes no more streams: Netty keeps an object for each until the connection ends. */
    private static final int MOST_RESETS = 10_000;

    /** Time for a RESET_STREAM to arrive, lost ones included. */
    private static final long RESET_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long PING_NANOS = QuicheCodec.IDLE.dividedBy(3).toNanos();

    /** A frame that means nothing, RFC 9114, 7.2.8, and that QUIC acknowledges. */
    private static final byte[] PING = {0x21, 0};

    private final QuicChannel channel;
    private final UniStreamReader.Peer peerStreams;
    private final QuicheDatagrams datagrams;
    private final QuichePath path;
    private final Goaway goaway;
    private final Map<Long, QuicheStream> streams = new HashMap<>();
    private final AtomicInteger opening = new AtomicInteger();

    private volatile PeerSettings peer = PeerSettings.UNKNOWN;

    @Nullable private QuicStreamChannel control;

    @Nullable private Runnable ready;

    private final QuicheSocket socket;
    private boolean waitsForSocket;
    private long nextRequest;
    private int resets;
    private long lastEnd = System.nanoTime();
    private boolean broken;
    private int closeCode = (int) H3.NO_ERROR;

    QuicheSession(QuicChannel channel, SessionInfo info, SessionLimits limits, SessionHandler handler, boolean server) {
        super(channel, info, limits, handler, server);
        this.channel = channel;
        this.peerStreams = new UniStreamReader.Peer(server, this);
        this.datagrams = new QuicheDatagrams(this, limits.datagramQueue());
        this.goaway = new Goaway(server);
        this.socket = Objects.requireNonNull(channel.parent().pipeline().get(QuicheSocket.class), "socket");
        this.path = new QuichePath(this, channel, socket, datagrams);
    }

    /** Something has been read: the batch ends, with that of the socket if that is reading. */
    void batchOver() {
        if (!socket.isReading()) {
            readComplete();
        } else if (!waitsForSocket) {
            waitsForSocket = true;
            socket.whenRead(this);
        }
    }

    /** The socket has read all that is there. */
    void socketRead() {
        waitsForSocket = false;
        readComplete();
    }

    /** The QUIC handshake is done: sends SETTINGS. {@code ready} runs when the peer's are there. */
    void start(Runnable ready) {
        this.ready = ready;
        channel.createStream(QuicStreamType.UNIDIRECTIONAL, Quiet.HANDLER)
                .addListener((Future<QuicStreamChannel> made) -> {
                    if (!made.isSuccess()) {
                        fail(H3Exception.connection(H3.STREAM_CREATION_ERROR, "no room for a control stream"));
                        return;
                    }
                    QuicStreamChannel stream = made.getNow();
                    control = stream;
                    write(stream, PeerSettings.open(isServer(), limits().maxFieldSectionSize()));
                });
        soon(this::ping, PING_NANOS);
        if (!isServer()) {
            schedule(
                    () -> {
                        if (this.ready != null) {
                            close(new MasqueException("no SETTINGS in time"));
                        }
                    },
                    limits().handshakeTimeout().toNanos());
        }
    }

    private static void write(QuicStreamChannel stream, ByteBuffer bytes) {
        stream.write(Unpooled.wrappedBuffer(bytes), stream.voidPromise());
    }

    /** Sends what the peer acknowledges. */
    void nudge() {
        QuicStreamChannel to = control;
        if (!isClosing() && to != null) {
            write(to, ByteBuffer.wrap(PING));
        }
    }

    private void ping() {
        if (!isClosing()) {
            nudge();
            path.ask();
            soon(this::ping, PING_NANOS);
        }
    }

    QuicheDatagrams datagrams() {
        return datagrams;
    }

    QuichePath path() {
        return path;
    }

    boolean hasDatagrams() {
        return peer.datagrams() && datagrams.isPossible();
    }

    @Override
    int headroom() {
        return HEADROOM;
    }

    @Override
    int openStreams() {
        return streams.size();
    }

    @Override
    void flushChannel() {
        datagrams.flush(channel);
    }

    // requests of ours

    @Override
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> handler) {
        if (isServer()) {
            throw new IllegalStateException("only a client opens streams");
        }
        QuicheStream stream = new QuicheStream(this, head, null);
        stream.handler(handler.apply(stream));
        boolean possible = (head.protocol() == null || peer.extendedConnect())
                && Heads.size(Heads.encode(head)) <= peer.maxFieldSectionSize();
        if (possible && availableStreams() > 0) {
            opening.incrementAndGet();
            stream.out().start(head);
            onLoop(() -> connect(stream));
        } else {
            onLoop(() -> stream.fail(StreamFailure.local(ResetReason.REFUSED, null)));
        }
        return stream;
    }

    private void connect(QuicheStream stream) {
        if (stream.isOver() || isClosing() || goaway.isDraining()) {
            opening.decrementAndGet();
            stream.fail(StreamFailure.local(ResetReason.REFUSED, null));
            return;
        }
        channel.createStream(QuicStreamType.BIDIRECTIONAL, new QuicheStreams(made -> {
                    streams.put(made.streamId(), stream);
                    return new QuicheReader(this, made, stream);
                }))
                .addListener((Future<QuicStreamChannel> made) -> {
                    opening.decrementAndGet();
                    if (!made.isSuccess()) {
                        stream.fail(StreamFailure.local(ResetReason.REFUSED, made.cause()));
                    } else if (!stream.begin(made.getNow())) {
                        streams.remove(made.getNow().streamId());
                    }
                });
    }

    @Override
    public int availableStreams() {
        if (isServer() || isClosing() || goaway.isDraining()) {
            return 0;
        }
        long free = channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) - opening.get();
        return (int) Math.max(0, Math.min(free, Integer.MAX_VALUE));
    }

    @Override
    public boolean supportsExtendedConnect() {
        return peer.extendedConnect();
    }

    // streams of the peer

    /** A stream of the peer's. */
    ChannelHandler accept(QuicStreamChannel stream) {
        if (stream.type() == QuicStreamType.UNIDIRECTIONAL) {
            return new QuicheUniStream(this, peerStreams);
        }
        if (!isServer()) {
            fail(H3Exception.connection(H3.STREAM_CREATION_ERROR, "a request from a server")); // RFC 9114, 6.1
            return Quiet.HANDLER;
        }
        long id = stream.streamId();
        nextRequest = Math.max(nextRequest, id + 4);
        QuicheReader reader = new QuicheReader(this, stream, null);
        if (isClosing() || !goaway.takes(id)) {
            reader.refuse();
            later(() -> shutdown(stream, H3.REQUEST_REJECTED, true, true));
        }
        return reader;
    }

    /** The head of a request is there. */
    QuicheStream requested(QuicStreamChannel wire, RequestHead head) {
        QuicheStream stream = new QuicheStream(this, head, wire);
        streams.put(wire.streamId(), stream);
        path.askIfSearching();
        try {
            stream.handler(handler().request(stream));
        } catch (RuntimeException e) {
            complain(e);
            stream.reset(ResetReason.INTERNAL_ERROR);
        }
        datagrams.requested(stream, wire.streamId());
        return stream;
    }

    @Nullable QuicheStream stream(long id) {
        return streams.get(id);
    }

    /** Whether the peer may open a stream of this id yet. */
    boolean isToCome(long id) {
        return isServer() && id % 4 == 0 && id >= nextRequest;
    }

    // ends

    /** Ends the wire of a stream before its time. */
    void shutdown(QuicheStream stream, long code, boolean output) {
        QuicStreamChannel wire = stream.wire();
        if (wire != null) {
            shutdown(wire, code, !stream.isInputEnded(), output);
        }
    }

    void shutdown(QuicStreamChannel wire, long code, boolean input, boolean output) {
        if (broken || !channel.isOpen()) {
            return;
        }
        if (input) {
            readAll(wire); // quiche gives no credit back for what is left unread
            wire.shutdownInput((int) code);
        }
        if (output) {
            wire.shutdownOutput((int) code);
            // Netty sends a proper end when it closes: not before the peer knows better
            channel.eventLoop().schedule(() -> wire.close(), RESET_NANOS, TimeUnit.NANOSECONDS);
            forget(wire);
            streamsChanged();
            closeIfDrained();
        } else {
            wire.close(); // what was sent, and its end, still leaves
        }
        if (++resets == MOST_RESETS) {
            drainNow();
        }
    }

    /** Netty has closed a stream. */
    void streamClosed(QuicStreamChannel wire, QuicheReader reader) {
        QuicheStream stream = reader.stream();
        forget(wire);
        if (stream != null && !stream.isOver()) {
            if (stream.isWritten() && stream.isInputEnded()) {
                startsReading(stream); // whole, but not read to its end
            } else {
                stream.fail(lossOfStream());
            }
        }
        streamsChanged();
        closeIfDrained();
    }

    private void forget(QuicStreamChannel wire) {
        if (streams.remove(wire.streamId()) != null) {
            lastEnd = System.nanoTime();
        }
    }

    /** The peer broke a rule that concerns the connection. */
    void fail(H3Exception e) {
        closeCode = (int) e.code();
        broken = true;
        close(e);
    }

    @Override
    void sayGoodbye() {}

    @Override
    void closeChannel() {
        List<QuicheStream> left = List.copyOf(streams.values());
        List<QuicheStream> cutOff =
                left.stream().filter(stream -> !stream.isOver()).toList();
        for (QuicheStream stream : cutOff) {
            stream.fail(lossOfStream());
        }
        streams.clear();
        if (broken) {
            closeNow();
        } else { // Netty closes a stream some tasks after its end
            QuicheFarewell.say(this, channel, cutOff, left.isEmpty() ? lastEnd : System.nanoTime());
        }
    }

    /** Sends CONNECTION_CLOSE. */
    void closeNow() {
        Throwable why = cause();
        String reason = why instanceof H3Exception ? String.valueOf(why.getMessage()) : "";
        channel.close(
                true, closeCode, Unpooled.wrappedBuffer(reason.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    /** The peer said CONNECTION_CLOSE. */
    void peerCloses(QuicConnectionCloseEvent close) {
        int code = close.error();
        if (!close.isApplicationClose() && code != 0) {
            blame(new QuicheClosed(
                    close.isTlsError(), code)); // TLS too: a client's handshake is over before the server's
        } else if (close.isApplicationClose() && code != H3.NO_ERROR) {
            blame(new MasqueException("the connection was closed with HTTP/3 error 0x" + Integer.toHexString(code)));
        } else {
            streams.values().forEach(QuicheSession::readRest);
        }
    }

    /** What has arrived is lost with the connection, unless it is read before. */
    private static void readRest(QuicheStream stream) {
        QuicStreamChannel wire = stream.wire();
        if (wire != null && stream.isWritten()) {
            readAll(wire);
        }
    }

    /** Reads what quiche has of a stream. */
    private static void readAll(QuicStreamChannel wire) {
        wire.config().setAutoRead(true);
        wire.config().setAutoRead(false);
    }

    /** The connection is gone, and so are its streams. */
    void gone() {
        if (channel.isTimedOut()) {
            blame(new MasqueException("the peer does not answer any more"));
        }
        datagrams.close();
        later(this::lost); // after the streams, which Netty closes in tasks
    }

    @Override
    void drainNow() {
        QuicStreamChannel to = control;
        if (to == null) {
            return;
        }
        ByteBuffer frame = goaway.send(nextRequest);
        if (frame != null) {
            write(to, frame);
            closeIfDrained();
        }
    }

    private void closeIfDrained() {
        if (goaway.wasSent() && streams.isEmpty() && opening.get() == 0) {
            later(() -> close(null));
        }
    }

    // what the peer says

    @Override
    public void settings(PeerSettings settings) {
        peer = settings;
        Runnable then = ready;
        ready = null;
        if (then != null) {
            then.run();
        }
    }

    @Override
    public void goaway(long id) {
        boolean first = goaway.received(id);
        for (Map.Entry<Long, QuicheStream> stream : Map.copyOf(streams).entrySet()) {
            if (!goaway.isWelcome(stream.getKey())) {
                stream.getValue().fail(StreamFailure.remote(ResetReason.REFUSED, H3.REQUEST_REJECTED));
                shutdown(stream.getValue(), ResetReason.CANCEL.http3Code(), true);
            }
        }
        if (first) {
            peerDrains();
        }
        closeIfDrained();
    }
}
