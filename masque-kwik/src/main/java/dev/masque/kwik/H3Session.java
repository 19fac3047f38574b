package dev.masque.kwik;

import dev.masque.core.MasqueException;
import dev.masque.core.http3.Goaway;
import dev.masque.core.http3.H3;
import dev.masque.core.http3.H3Exception;
import dev.masque.core.http3.Heads;
import dev.masque.core.http3.PeerSettings;
import dev.masque.core.http3.RefusedStream;
import dev.masque.core.http3.UniStreamReader;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;

/**
 * One HTTP/3 connection, RFC 9114, on a QUIC connection of kwik. What is neither {@code volatile} nor final belongs to its
 * executor.
 */
final class H3Session implements HttpSession, UniStreamReader.Events {
    private static final Logger LOG = LoggerFactory.getLogger(H3Session.class);

    private final QuicConnection quic;
    private final KwikTransport transport;
    private final boolean server;
    private final SessionLimits limits;
    private final SessionHandler handler;
    private final Consumer<H3Session> onGone;
    private final SerialExecutor executor;
    private final SessionDatagrams datagrams;
    private final PeerResets resets;
    private final Leftovers leftovers;
    private final UniStreams uniStreams;
    private final Goaway goaway;
    private final Map<Long, H3Stream> streams = new ConcurrentHashMap<>();
    private final List<QuicStream> early = new ArrayList<>();
    private final CompletableFuture<H3Session> ready = new CompletableFuture<>();

    @Nullable private volatile SessionInfo info;

    private volatile PeerSettings peer = PeerSettings.UNKNOWN;
    private volatile boolean gone;

    @Nullable private StreamWriter control;

    @Nullable private Lifetime lifetime;

    private long nextRequest;
    private boolean opened;

    /** Why streams end that are there when the connection goes. */
    @Nullable private StreamFailure lost;

    H3Session(
            QuicConnection quic,
            KwikTransport transport,
            boolean server,
            SessionLimits limits,
            SessionHandler handler,
            Consumer<H3Session> onGone) {
        this.quic = quic;
        this.transport = transport;
        this.server = server;
        this.limits = limits;
        this.goaway = new Goaway(server);
        this.handler = handler;
        this.onGone = onGone;
        this.executor = new SerialExecutor(transport.pool());
        this.datagrams = new SessionDatagrams(this, limits.datagramQueue());
        this.resets = new PeerResets(this);
        this.leftovers = new Leftovers(this);
        this.uniStreams = new UniStreams(this);
        quic.setConnectionListener(new ConnectionEnd(this));
        quic.setDatagramHandler(datagrams::arrived, new DirectExecutor());
        quic.setPeerInitiatedStreamCallback(this::accept);
    }

    /** The QUIC handshake is done: sends SETTINGS. */
    void start(SessionInfo about, PacketWatch watch) {
        info = about;
        datagrams.start();
        QuicStream stream = Kwik.createStream(quic, false);
        if (stream == null) {
            fail(H3Exception.connection(H3.STREAM_CREATION_ERROR, "no room for a control stream"));
            return;
        }
        StreamWriter writer = new StreamWriter(quic, stream, transport.pool(), StreamWriter.NO_EVENTS);
        writer.raw(PeerSettings.open(server, limits.maxFieldSectionSize()));
        writer.flush();
        watch.listener(resets);
        run(() -> {
            control = writer;
            lifetime = new Lifetime(this, limits.idleTimeout());
            if (server) {
                open();
            }
            early.forEach(this::take);
            early.clear();
        });
    }

    /** Completes when SETTINGS arrived. */
    CompletableFuture<H3Session> ready() {
        return ready;
    }

    QuicConnection connection() {
        return quic;
    }

    Executor pool() {
        return transport.pool();
    }

    SessionLimits limits() {
        return limits;
    }

    boolean isServer() {
        return server;
    }

    boolean isGone() {
        return gone;
    }

    boolean isIdle() {
        return streams.isEmpty();
    }

    /** Whether everything that was said has reached the peer. */
    boolean isSettled() {
        return (control == null || control.isDone()) && !Kwik.hasRequestStreams(quic) && !Kwik.hasInFlight(quic);
    }

    void run(Runnable task) {
        if (executor.isCurrent()) {
            task.run();
        } else {
            executor.execute(task);
        }
    }

    /** Runs a task on the executor after a while, unless the transport is closed by then. */
    void later(Duration delay, Runnable task) {
        try {
            transport.timer().schedule(() -> executor.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.trace("nothing is due after the end");
        }
    }

    @Override
    public SessionInfo info() {
        SessionInfo about = info;
        if (about == null) {
            throw new IllegalStateException("not connected");
        }
        return about;
    }

    @Override
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> makeHandler) {
        if (server) {
            throw new IllegalStateException("a server opens no requests");
        }
        boolean possible = availableStreams() > 0
                && (head.protocol() == null || peer.extendedConnect())
                && Heads.size(Heads.encode(head)) <= peer.maxFieldSectionSize();
        QuicStream stream = possible ? Kwik.createStream(quic, true) : null;
        if (stream == null) {
            HttpStream refused = new RefusedStream(this, head);
            StreamHandler to = makeHandler.apply(refused);
            executor.execute(() -> to.closed(StreamFailure.local(ResetReason.REFUSED, null)));
            return refused;
        }
        H3Stream opening = new H3Stream(this, stream, head);
        StreamHandler to = makeHandler.apply(opening);
        streams.put((long) opening.id(), opening);
        opening.begin(head, to);
        if (gone || !goaway.isWelcome(opening.id())) {
            executor.execute(() -> opening.refuse(H3.REQUEST_REJECTED, StreamFailure.local(ResetReason.REFUSED, null)));
        }
        return opening;
    }

    @Override
    public int availableStreams() {
        return gone || goaway.isDraining() ? 0 : Kwik.streamCredit(quic);
    }

    @Override
    public boolean supportsExtendedConnect() {
        return peer.extendedConnect();
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public void drain() {
        run(() -> {
            StreamWriter writer = control;
            if (gone || writer == null) {
                return;
            }
            ByteBuffer frame = goaway.send(nextRequest);
            if (frame != null) {
                writer.raw(frame);
                writer.flush();
                closeIfDrained();
            }
        });
    }

    @Override
    public void close() {
        run(() -> close(H3.NO_ERROR, null));
    }

    /** The peer broke a rule that concerns the connection. */
    void fail(H3Exception e) {
        run(() -> close(e.code(), e));
    }

    private void close(long code, @Nullable Throwable cause) {
        if (!gone) {
            boolean settles = code == H3.NO_ERROR && streams.isEmpty();
            transport.say(code, cause instanceof H3Exception ? String.valueOf(cause.getMessage()) : "", settles, this);
            gone(cause, stream -> false);
        }
    }

    private void closeIfDrained() {
        Lifetime life = lifetime;
        if (goaway.wasSent() && streams.isEmpty() && life != null) {
            life.closeWhenSettled();
        }
    }

    /** The peer closed the connection, or is lost. What is whole may still be read where there was no failure. */
    void closedByPeer(@Nullable Throwable cause) {
        if (!gone) {
            gone(cause, stream -> cause == null && stream.isWritten());
        }
    }

    /** The connection is over; every stream and the handler learn of it. */
    private void gone(@Nullable Throwable cause, Predicate<H3Stream> mayBeRead) {
        gone = true;
        lost = StreamFailure.local(ResetReason.SESSION_LOST, cause);
        for (H3Stream stream : streams.values()) {
            if (!mayBeRead.test(stream)) {
                stream.abandon(lost);
            }
        }
        ready.completeExceptionally(
                cause == null ? new MasqueException("the connection was closed before it was ready") : cause);
        tellClosed();
        uniStreams.sessionGone();
        onGone.accept(this);
    }

    /** Once, after the last stream. */
    private void tellClosed() {
        if (opened && lost != null && streams.isEmpty()) {
            opened = false;
            Throwable cause = lost.cause();
            executor.execute(() -> handler.closed(this, cause));
        }
    }

    private void open() {
        if (gone || opened) {
            return;
        }
        opened = true;
        try {
            handler.opened(this);
        } catch (RuntimeException e) {
            LOG.debug("a handler failed", e);
            close(H3.INTERNAL_ERROR, e);
        }
    }

    // streams

    /** A stream of the peer; called on a thread of kwik. */
    void accept(QuicStream stream) {
        executor.execute(() -> {
            if (control == null) {
                early.add(stream); // a server speaks before the client's handshake is over
            } else {
                take(stream);
            }
        });
    }

    private void take(QuicStream stream) {
        if (gone) {
            return;
        }
        if (stream.isUnidirectional()) {
            uniStreams.take(stream);
        } else {
            acceptRequest(stream);
        }
    }

    private void acceptRequest(QuicStream stream) {
        long id = stream.getStreamId();
        if (!server) {
            fail(H3Exception.connection(H3.STREAM_CREATION_ERROR, "a request from a server")); // RFC 9114, 6.1
            return;
        }
        nextRequest = Math.max(nextRequest, id + 4);
        H3Stream request = new H3Stream(this, stream, null);
        streams.put(id, request);
        request.read();
        if (resets.wasReset(id)) {
            request.refuse(H3.REQUEST_REJECTED, StreamFailure.local(ResetReason.CANCEL, null));
            leftovers.unknownWhenReset(request);
            return;
        }
        if (!goaway.takes(id)) {
            request.refuse(H3.REQUEST_REJECTED, StreamFailure.local(ResetReason.REFUSED, null));
        }
    }

    /** The head of a request is there. */
    StreamHandler requested(H3Stream stream) {
        StreamHandler to = handler.request(stream);
        datagrams.requested(stream);
        return to;
    }

    /** A stream is over; its threads may not know it yet. */
    void finished(H3Stream stream) {
        streams.remove((long) stream.id());
        leftovers.finished(stream);
        Lifetime life = lifetime;
        if (life != null) {
            life.streamFinished();
        }
        closeIfDrained();
        tellClosed();
    }

    /** A stream cannot be read any more, and usually the reason is known already. */
    void streamBroken(H3Stream stream) {
        if (lost != null) {
            stream.abandon(lost);
        } else if (!stream.isOver()) {
            later(Duration.ofSeconds(1), () -> stream.peerReset(ResetReason.CANCEL.http3Code()));
        }
    }

    // what the peer says

    @Override
    public void settings(PeerSettings settings) {
        peer = settings;
        if (!server) {
            open();
        }
        ready.complete(this);
    }

    @Override
    public void goaway(long id) {
        boolean first = goaway.received(id);
        for (H3Stream stream : streams.values()) {
            if (!goaway.isWelcome(stream.id())) {
                stream.refuse(
                        ResetReason.CANCEL.http3Code(), StreamFailure.remote(ResetReason.REFUSED, H3.REQUEST_REJECTED));
            }
        }
        if (first) {
            handler.draining(this);
        }
    }

    /** Kwik gave the connection up. */
    void aborted(Throwable cause) {
        run(() -> {
            Kwik.abortStreams(quic);
            close(H3.INTERNAL_ERROR, new MasqueException("the connection failed", cause));
        });
    }

    @Nullable H3Stream stream(long id) {
        return streams.get(id);
    }

    /** Whether a peer may open a stream of this id yet. */
    boolean isToCome(long id) {
        return server && id % 4 == 0 && id >= nextRequest;
    }

    UniStreams uniStreams() {
        return uniStreams;
    }

    SessionDatagrams datagrams() {
        return datagrams;
    }

    boolean hasDatagrams() {
        return peer.datagrams() && quic.canSendDatagram();
    }
}
