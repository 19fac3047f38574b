package dev.masque.core.memory;

import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a session. What is neither final nor {@code volatile} belongs to the executor. */
final class MemorySession implements HttpSession {
    private static final Logger LOG = LoggerFactory.getLogger(MemorySession.class);

    private final Serial executor;
    private final Timer timer;
    private final SessionInfo info;
    private final SessionLimits limits;
    private final SessionHandler handler;
    private final boolean server;
    private final int maxStreams;
    private final int maxDatagramSize;
    private final boolean extendedConnect;
    private final SendWindow window;
    private final DatagramQueue datagramsOut;
    private final DatagramQueue datagramsIn;
    private final AtomicInteger reserved = new AtomicInteger();
    private final Set<MemoryStream> streams = new LinkedHashSet<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    @Nullable private MemorySession peer;

    private boolean opened;
    private boolean told;
    private boolean goAwaySent;
    private boolean goAwayFinal;
    private long idleSince = System.nanoTime();
    private boolean idleTimer;

    @Nullable private Throwable cause;

    private volatile boolean draining;
    private volatile boolean closing;

    /** What both ends of a session agree on. */
    record Terms(int maxStreams, int sessionWindowOfPeer, int maxDatagramSize, boolean extendedConnect) {}

    MemorySession(
            Serial executor,
            Timer timer,
            SessionInfo info,
            SessionLimits limits,
            SessionHandler handler,
            boolean server,
            Terms terms) {
        this.executor = executor;
        this.timer = timer;
        this.info = info;
        this.limits = limits;
        this.handler = handler;
        this.server = server;
        this.maxStreams = terms.maxStreams;
        this.maxDatagramSize = terms.maxDatagramSize;
        this.extendedConnect = terms.extendedConnect;
        this.window = new SendWindow(terms.sessionWindowOfPeer);
        this.datagramsOut = new DatagramQueue(limits.datagramQueue());
        this.datagramsIn = new DatagramQueue(limits.datagramQueue());
    }

    void pair(MemorySession other) {
        peer = other;
        other.peer = this;
    }

    MemorySession peer() {
        return Objects.requireNonNull(peer);
    }

    boolean isServer() {
        return server;
    }

    boolean isOpened() {
        return opened;
    }

    SessionLimits limits() {
        return limits;
    }

    SendWindow window() {
        return window;
    }

    DatagramQueue datagramsOut() {
        return datagramsOut;
    }

    int maxDatagramSize() {
        return maxDatagramSize;
    }

    /** Completes when the session is over and its handler knows. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public Serial executor() {
        return executor;
    }

    @Override
    public boolean supportsExtendedConnect() {
        return extendedConnect;
    }

    @Override
    public int availableStreams() {
        return server || draining || closing ? 0 : Math.max(0, maxStreams - reserved.get());
    }

    /** Both ends stand; on the executor. */
    void open() {
        opened = true;
        try {
            handler.opened(this);
        } catch (RuntimeException e) {
            LOG.debug("a handler failed", e);
            closeNow(e, true);
        }
        streamsChanged();
    }

    @Override
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> made) {
        if (server) {
            throw new IllegalStateException("only a client opens streams");
        }
        MemoryStream stream = MemoryStream.open(this, head);
        stream.handler(made.apply(stream));
        boolean room = reserve();
        if (room) {
            stream.reserved();
        }
        executor.run(() -> begin(stream, head, room));
        return stream;
    }

    private boolean reserve() {
        return !draining && !closing && reserved.getAndUpdate(open -> open < maxStreams ? open + 1 : open) < maxStreams;
    }

    private void begin(MemoryStream stream, RequestHead head, boolean room) {
        if (!room || draining || closing) {
            stream.fail(StreamFailure.local(ResetReason.REFUSED, null));
        } else if (stream.isOver()) {
            stream.wireClosed();
        } else {
            streams.add(stream);
            stream.out().start(head);
            stream.drainOut();
        }
    }

    void release() {
        reserved.decrementAndGet();
    }

    /** A request arrived. */
    void accept(MemoryStream stream) {
        if (closing || stream.isOver()) {
            return;
        }
        if (goAwayFinal) {
            MemoryStream client = (MemoryStream) stream.peer();
            client.executor().execute(client::refused);
            return;
        }
        if (HeadSize.of(stream.request()) > limits.maxFieldSectionSize()) {
            stream.resetNow(ResetReason.EXCESSIVE_LOAD, null);
            return;
        }
        streams.add(stream);
        stream.accepted();
        try {
            stream.handler(handler.request(stream));
        } catch (RuntimeException e) {
            LOG.debug("a handler failed", e);
            stream.resetNow(ResetReason.INTERNAL_ERROR, e);
        }
    }

    /** A stream is over and its handler knows. */
    void ended(MemoryStream stream) {
        if (streams.remove(stream)) {
            streamsChanged();
            closeIfDrained();
        }
        tellIfOver();
    }

    /** Moves what waits to the peer; on the executor. */
    void sendDatagrams() {
        MemorySession to = peer();
        for (var next = datagramsOut.poll(); next != null; next = datagramsOut.poll()) {
            MemoryStream target = (MemoryStream) next.stream().peer();
            if (to.datagramsIn.add(new DatagramQueue.Datagram(target, next.payload()))) {
                to.executor.execute(to::deliverDatagrams);
            }
        }
    }

    private void deliverDatagrams() {
        Set<MemoryStream> touched = new LinkedHashSet<>();
        for (var next = datagramsIn.poll(); next != null; next = datagramsIn.poll()) {
            if (next.stream().receivedDatagram(next.payload())) {
                touched.add(next.stream());
            }
        }
        touched.forEach(MemoryStream::batchComplete);
    }

    @Override
    public void drain() {
        executor.run(() -> {
            if (closing || goAwaySent) {
                return;
            }
            goAwaySent = true;
            draining = true;
            MemorySession to = peer();
            // what is on its way is still taken: the limit holds from the answer on, RFC 9113, 6.8
            to.executor.execute(() -> {
                to.goAwayReceived();
                executor.execute(() -> {
                    goAwayFinal = true;
                    closeIfDrained();
                });
            });
        });
    }

    private void goAwayReceived() {
        if (closing) {
            return;
        }
        draining = true;
        try {
            handler.draining(this);
        } catch (RuntimeException e) {
            LOG.debug("a handler failed", e);
        }
        closeIfDrained();
    }

    private void closeIfDrained() {
        if (draining && (goAwayFinal || !server) && streams.isEmpty()) {
            closeNow(null, true);
        }
    }

    @Override
    public void close() {
        executor.run(() -> closeNow(null, true));
    }

    /** Cuts the session, as the loss of a connection does: both ends hear of it. */
    void lose(Throwable why) {
        executor.run(() -> closeNow(why, true));
    }

    private void closeNow(@Nullable Throwable why, boolean here) {
        if (!closing) {
            closing = true;
            cause = why;
            MemorySession to = peer();
            if (here) {
                to.executor.execute(() -> to.closeNow(why, false));
            }
        }
        for (MemoryStream stream : List.copyOf(streams)) {
            if (here) {
                stream.fail(StreamFailure.local(ResetReason.SESSION_LOST, cause));
            } else {
                stream.lost(cause);
            }
        }
        executor.execute(this::tellIfOver);
    }

    private void tellIfOver() {
        if (!closing || !streams.isEmpty() || told) {
            return;
        }
        told = true;
        if (opened) {
            try {
                handler.closed(this, cause);
            } catch (RuntimeException e) {
                LOG.debug("a handler failed", e);
            }
        }
        gone.complete(null);
    }

    private void streamsChanged() {
        if (!streams.isEmpty() || closing) {
            return;
        }
        idleSince = System.nanoTime();
        if (!idleTimer) {
            idleTimer = true;
            timer.schedule(() -> executor.execute(this::idle), limits.idleTimeout());
        }
    }

    private void idle() {
        idleTimer = false;
        if (closing || !streams.isEmpty()) {
            return;
        }
        long left = limits.idleTimeout().toNanos() - (System.nanoTime() - idleSince);
        if (left > 0) {
            idleTimer = true;
            timer.schedule(() -> executor.execute(this::idle), Duration.ofNanos(left));
        } else {
            closeNow(null, true);
        }
    }
}
