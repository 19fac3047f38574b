package dev.masque.kwik;

import java.io.OutputStream;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.stream.BlockReason;
import tech.kwik.core.stream.FlowControl;
import tech.kwik.core.stream.FlowControlUpdateListener;
import tech.kwik.core.stream.RetransmitBuffer;
import tech.kwik.core.stream.SendBuffer;

/**
 * Wakes streams that kwik forgot. Its {@code StreamOutputStreamImpl} counts a send request after having queued it; if the
 * sender takes the request in between, the request for the rest is not made, and bytes stay unsent for ever. One daemon
 * thread for all streams looks at those with recent writes every 10 ms and asks again where bytes wait without a request.
 * Thread-safe.
 */
final class StallGuard {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(10);

    /** For a stream that the peer holds back. */
    private static final long BLOCKED_PERIOD = TimeUnit.MILLISECONDS.toNanos(500);

    /** Losses are seen, and sent again, some time after the last write. */
    private static final long LINGER = TimeUnit.SECONDS.toNanos(3);

    private static final Field REQUESTS =
            Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "sendRequestsQueued");
    private static final Field UNSENT = Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "sendBuffer");
    private static final Field LOST = Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "retransmitBuffer");
    private static final Field RESET = Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "reset");
    private static final Field FLOW = Kwik.field("tech.kwik.core.stream.StreamOutputStreamImpl", "flowController");

    private static final StallGuard SHARED = new StallGuard();

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::run, "masque-kwik-stall-guard");
    private volatile boolean idle;
    private boolean started;

    private StallGuard() {
        thread.setDaemon(true);
    }

    /** The one guard of this process. */
    static StallGuard shared() {
        return SHARED;
    }

    /** A stream to be looked after. */
    final class Watch {
        private final QuicConnection connection;
        private final QuicStream stream;
        private final Thread sender;
        private final FlowControlUpdateListener output;
        private final AtomicInteger requests;
        private final SendBuffer unsent;
        private final RetransmitBuffer lost;
        private final FlowControl flow;
        private volatile boolean watched;
        private volatile long lastWrite;
        private long lastAsked = System.nanoTime();

        private Watch(QuicConnection connection, QuicStream stream) {
            OutputStream out = stream.getOutputStream();
            this.connection = connection;
            this.stream = stream;
            this.sender = Kwik.senderThread(connection);
            this.output = (FlowControlUpdateListener) out;
            this.requests = (AtomicInteger) Kwik.get(REQUESTS, out);
            this.unsent = (SendBuffer) Kwik.get(UNSENT, out);
            this.lost = (RetransmitBuffer) Kwik.get(LOST, out);
            this.flow = (FlowControl) Kwik.get(FLOW, out);
        }

        /** Something is about to be written, or has just been. */
        void touch() {
            lastWrite = System.nanoTime();
            if (!watched) {
                watched = true;
                watches.add(this);
                wake();
            }
        }

        /** Whether asking can help: the peer may simply take no more. A look at that can err, so it is asked now and then. */
        private boolean isDue(long now) {
            BlockReason reason;
            synchronized (flow) {
                reason = flow.getFlowControlBlockReason(stream);
            }
            if (reason != BlockReason.NOT_BLOCKED && now - lastAsked < BLOCKED_PERIOD) {
                return false;
            }
            lastAsked = now;
            return true;
        }

        /** Whether nothing more is sent, whatever waits. */
        private boolean isOver() {
            return !sender.isAlive() || (boolean) Kwik.get(RESET, output);
        }

        private void look(long now) {
            if (isOver()) {
                watches.remove(this);
                return;
            }
            boolean toSend = unsent.hasData();
            boolean toRepeat = lost.hasDataToRetransmit();
            boolean waiting = toSend || toRepeat;
            if (waiting && requests.get() <= 0 && (toRepeat || isDue(now))) {
                output.streamNotBlocked(stream.getStreamId());
                Kwik.flush(connection);
            } else if (!waiting && now - lastWrite > LINGER) {
                watches.remove(this);
                watched = false;
                if (now - lastWrite < 0 || unsent.hasData()) {
                    touch();
                }
            }
        }
    }

    /** Starts to look after a stream that is written to; to be told of every write. */
    Watch watch(QuicConnection connection, QuicStream stream) {
        return new Watch(connection, stream);
    }

    /** How many streams are looked after. */
    int size() {
        return watches.size();
    }

    private void wake() {
        if (idle) {
            idle = false;
            LockSupport.unpark(thread);
        }
        synchronized (this) {
            if (!started) {
                started = true;
                thread.start();
            }
        }
    }

    private void run() {
        while (true) {
            LockSupport.parkNanos(PERIOD);
            long now = System.nanoTime();
            watches.forEach(watch -> lookAt(watch, now));
            if (watches.isEmpty()) {
                idle = true;
                if (watches.isEmpty()) {
                    LockSupport.park();
                }
                idle = false;
            }
        }
    }

    private void lookAt(Watch watch, long now) {
        try {
            watch.look(now);
        } catch (RuntimeException e) {
            watches.remove(watch);
        }
    }
}
