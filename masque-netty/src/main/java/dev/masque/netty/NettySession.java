package dev.masque.netty;

import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sessions of all versions share: batches of flushes, the idle time-out, and one end. What is not {@code volatile}
 * belongs to the event loop.
 */
abstract class NettySession implements HttpSession {
    private static final Logger LOG = LoggerFactory.getLogger(NettySession.class);

    private static final int DATAGRAM = 1_500;
    private static final int MAX_DATAGRAM_BOUND = 256 << 10;

    private final Channel channel;
    private final EventLoop loop;
    private final SessionInfo info;
    private final SessionLimits limits;
    private final SessionHandler handler;
    private final boolean server;
    private final int datagramBound;
    private final List<NettyStream> dirty = new ArrayList<>(2);
    private final List<NettyStream> touched = new ArrayList<>(2);
    private final Set<NettyStream> readers = new HashSet<>(2);

    private boolean reading;
    private boolean flushScheduled;
    private boolean opened;
    private boolean over;
    private boolean gone;
    private boolean idleTimer;
    private long idleSince = System.nanoTime();

    @Nullable private Throwable cause;

    private volatile boolean closing;

    NettySession(Channel channel, SessionInfo info, SessionLimits limits, SessionHandler handler, boolean server) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.info = info;
        this.limits = limits;
        this.handler = handler;
        this.server = server;
        this.datagramBound = Math.min(limits.datagramQueue() * DATAGRAM, MAX_DATAGRAM_BOUND);
    }

    /** Bytes before those of a stream that a frame's header may take. */
    int headroom() {
        return 0;
    }

    /** Streams that are open now. */
    abstract int openStreams();

    /** Makes what was written leave. */
    abstract void flushChannel();

    /** Says goodbye to the peer, if the protocol has a word for it. */
    abstract void sayGoodbye();

    /** Starts to drain; on the event loop. */
    abstract void drainNow();

    final Channel channel() {
        return channel;
    }

    final SessionLimits limits() {
        return limits;
    }

    final SessionHandler handler() {
        return handler;
    }

    final ByteBufAllocator allocator() {
        return channel.alloc();
    }

    final boolean isServer() {
        return server;
    }

    final int datagramBound() {
        return datagramBound;
    }

    final boolean isClosing() {
        return closing;
    }

    final boolean inLoop() {
        return loop.inEventLoop();
    }

    @Override
    public final SessionInfo info() {
        return info;
    }

    @Override
    public final Executor executor() {
        return loop;
    }

    @Override
    public final void drain() {
        onLoop(() -> {
            if (!closing) {
                drainNow();
            }
        });
    }

    @Override
    public final void close() {
        onLoop(() -> {
            close(null);
            List.copyOf(readers).forEach(stream -> stream.fail(lossOfStream()));
        });
    }

    /** Closes with a cause that {@link SessionHandler#closed} is told; null if all is well. */
    final void close(@Nullable Throwable why) {
        if (closing) {
            return;
        }
        closing = true;
        cause = cause == null ? why : cause;
        if (isCut()) {
            SocketKind.abort(channel);
            return;
        }
        sayGoodbye();
        flushChannel();
        closeChannel();
    }

    /** Ends the connection once what was flushed has left. */
    void closeChannel() {
        channel.close();
    }

    /** Whether the peer could take a close now for the proper end of something that is not complete. */
    boolean isCut() {
        return false;
    }

    /** Cuts the connection, so that the peer sees that it did not end as it should. */
    final void abort() {
        closing = true;
        SocketKind.abort(channel);
    }

    /** The first thing that went wrong is why the session ended. */
    final void blame(@Nullable Throwable why) {
        if (cause == null && !closing) {
            cause = ConnectErrors.named(why);
        }
    }

    @Nullable final Throwable cause() {
        return cause;
    }

    /** TLS and HTTP stand. */
    final void open() {
        opened = true;
        try {
            handler.opened(this);
        } catch (RuntimeException e) {
            complain(e);
            close(e);
        }
        streamsChanged();
    }

    /** The connection is gone and all its streams have been told. */
    final void lost() {
        closing = true;
        gone = true;
        if (over || !readers.isEmpty()) {
            return;
        }
        over = true;
        Throwable why = cause;
        if (opened) {
            later(() -> {
                try {
                    handler.closed(this, why);
                } catch (RuntimeException e) {
                    complain(e);
                }
            });
        }
    }

    /** A stream has arrived whole, and its handler has not read it to the end: the session is there until it has. */
    final void startsReading(NettyStream stream) {
        readers.add(stream);
    }

    /** The stream is over for its handler. */
    final void over(NettyStream stream) {
        if (readers.remove(stream) && gone) {
            lost();
        }
    }

    /** How streams end that the session took with it. */
    final StreamFailure lossOfStream() {
        return StreamFailure.local(ResetReason.SESSION_LOST, cause);
    }

    final void peerDrains() {
        try {
            handler.draining(this);
        } catch (RuntimeException e) {
            complain(e);
        }
    }

    /** The number of open streams has changed: an idle session ends after a while. */
    final void streamsChanged() {
        if (openStreams() > 0 || over) {
            return;
        }
        idleSince = System.nanoTime();
        if (!idleTimer) {
            idleTimer = true;
            schedule(this::idle, limits.idleTimeout().toNanos());
        }
    }

    private void idle() {
        idleTimer = false;
        if (over || closing || openStreams() > 0) {
            return;
        }
        long left = limits.idleTimeout().toNanos() - (System.nanoTime() - idleSince);
        if (left > 0) {
            idleTimer = true;
            schedule(this::idle, left);
        } else {
            close(null);
        }
    }

    /** Runs a task in a short while, unless the session is over by then; it is kept until then. */
    final void soon(Runnable task, long nanos) {
        if (closing) {
            return;
        }
        loop.schedule(
                () -> {
                    if (!over) {
                        task.run();
                    }
                },
                nanos,
                TimeUnit.NANOSECONDS);
    }

    final void schedule(Runnable task, long nanos) {
        var timer = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(closed -> timer.cancel(false));
    }

    /** From here to {@link #readComplete} flushes wait for the end of the batch. */
    final void readStarted() {
        reading = true;
    }

    final void readComplete() {
        for (int i = 0; i < touched.size(); i++) {
            NettyStream stream = touched.get(i);
            stream.touched = false;
            stream.batchComplete();
        }
        touched.clear();
        reading = false;
        flushNow();
    }

    /** The stream got something in this batch. */
    final void touch(NettyStream stream) {
        if (!stream.touched) {
            stream.touched = true;
            touched.add(stream);
        }
    }

    /** The stream has something to send; on the event loop. */
    final void markDirty(NettyStream stream) {
        if (!stream.dirty) {
            stream.dirty = true;
            dirty.add(stream);
        }
        requestFlush();
    }

    /** Flushes soon: at the end of the read batch, or when what is ready now on this event loop has been looked at. */
    final void requestFlush() {
        if (!reading && !flushScheduled) {
            flushScheduled = true;
            later(this::flushNow);
        }
    }

    private void flushNow() {
        flushScheduled = false;
        for (int i = 0; i < dirty.size(); i++) {
            NettyStream stream = dirty.get(i);
            stream.dirty = false;
            stream.drainOut();
        }
        dirty.clear();
        flushChannel();
    }

    final void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    /** Runs a task on the event loop, not now. After the end of the transport, at once: nobody else runs then. */
    final void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            task.run();
        }
    }

    final void complain(RuntimeException e) {
        LOG.debug("a handler failed", e);
    }
}
