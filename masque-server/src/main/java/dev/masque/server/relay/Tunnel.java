package dev.masque.server.relay;

import dev.masque.core.spi.StreamHandler;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.TunnelOpened;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel that stands or is about to, with what is accounted to it. What opens and closes it runs on the executor of the
 * client's session; bytes are counted where they move. Is the handler of the client's stream.
 */
public abstract class Tunnel implements StreamHandler {
    private final TunnelOpened opened;
    private final Tunnels tunnels;
    private final Executor executor;

    private long since;
    private long quietSince;
    private boolean clientClosed;
    private boolean targetClosed;
    private volatile boolean active;
    private volatile boolean halfClosed;
    private volatile boolean discarded;

    @Nullable private CloseReason reason;

    Tunnel(TunnelOpened opened, Tunnels tunnels, Executor executor) {
        this.opened = opened;
        this.tunnels = tunnels;
        this.executor = executor;
    }

    /** Starts to relay and to be accounted for. Called once, on the client's executor, after the response was sent. */
    public final void start() {
        since = tunnels.nanoTime();
        quietSince = since;
        tunnels.add(this);
        begin();
    }

    /** Ends a tunnel that was never started, or is not wanted any more. For any thread. */
    public final void discard() {
        discarded = true;
        release();
    }

    /** Lets the target's side go. */
    abstract void release();

    /** Whether the client's stream is not this tunnel's any more. */
    final boolean isDiscarded() {
        return discarded;
    }

    abstract void begin();

    /** Ends both sides at once, on the client's executor. */
    abstract void abort(boolean clientOpen, boolean targetOpen);

    abstract long toTarget();

    abstract long toClient();

    final TunnelOpened opened() {
        return opened;
    }

    final long since() {
        return since;
    }

    /** Something moved. Called for every batch, so it costs a read. */
    final void moved() {
        if (!active) {
            active = true;
        }
    }

    final void halfClosed() {
        halfClosed = true;
    }

    /** Whether nothing has moved for too long. Called by one thread only, that of the sweep. */
    final boolean isIdle(long now) {
        if (active) {
            active = false;
            quietSince = now;
            return false;
        }
        return now - quietSince >= tunnels.idleNanos(opened.kind(), halfClosed);
    }

    /** Runs on the client's executor; here and now if that has ended with its session. */
    final void onExecutor(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /** Ends the tunnel from outside. For any thread. */
    final void end(CloseReason why) {
        onExecutor(() -> {
            because(why);
            abort(!clientClosed, !targetClosed);
        });
    }

    final void because(CloseReason why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** Returns whether the target is still open. */
    final boolean clientIsClosed() {
        clientClosed = true;
        finish();
        return !targetClosed;
    }

    /** Returns whether the client is still open. */
    final boolean targetIsClosed() {
        targetClosed = true;
        finish();
        return !clientClosed;
    }

    private void finish() {
        if (clientClosed && targetClosed) {
            tunnels.remove(this, reason == null ? CloseReason.COMPLETED : reason);
        }
    }
}
