package dev.masque.server.relay;

import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One end of a relay with a thread of its own, a peer that sends random bytes and one that reads when it likes. */
final class ThreadedStream implements ByteStream, AutoCloseable {
    private static final int HIGH_WATER = 8_192;

    final CRC32 sent = new CRC32();
    final CRC32 received = new CRC32();

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final SplittableRandom random;
    private long toSend;
    private boolean paused = true;
    private boolean pumping;
    private int queued;
    private int most;
    private boolean endedByPeer;
    private boolean ended;
    private volatile boolean closed;

    @Nullable private ByteHandler handler;

    ThreadedStream(long seed, long toSend) {
        this.random = new SplittableRandom(seed);
        this.toSend = toSend;
    }

    void handler(ByteHandler taken) {
        handler = taken;
    }

    boolean isClosed() {
        return closed;
    }

    /** The most that waited to be sent. */
    synchronized int most() {
        return most;
    }

    /** Delivers until it is paused or everything was sent; on the executor. */
    private void pump() {
        byte[] chunk;
        synchronized (this) {
            pumping = false;
            if (paused || endedByPeer || closed) {
                return;
            }
            if (toSend == 0) {
                endedByPeer = true;
                chunk = new byte[0];
            } else {
                chunk = new byte[(int) Math.min(toSend, random.nextInt(1, 4_096))];
                random.nextBytes(chunk);
                toSend -= chunk.length;
                sent.update(chunk);
            }
        }
        ByteHandler to = Objects.requireNonNull(handler);
        if (chunk.length == 0) {
            to.end();
            closeIfDone();
            return;
        }
        to.data(ByteBuffer.wrap(chunk));
        to.dataComplete();
        schedule();
    }

    private synchronized void schedule() {
        if (!pumping && !paused && !closed) {
            pumping = true;
            executor.execute(this::pump);
        }
    }

    /** The peer reads some; on the executor, later. */
    private void drain() {
        boolean writable;
        synchronized (this) {
            boolean full = queued >= HIGH_WATER;
            queued = random.nextInt(4) == 0 ? 0 : queued / 2;
            writable = full && queued < HIGH_WATER;
        }
        if (writable) {
            Objects.requireNonNull(handler).writable();
        }
        closeIfDone();
    }

    private void closeIfDone() {
        synchronized (this) {
            if (closed || !ended || !endedByPeer) {
                return;
            }
            closed = true;
        }
        Objects.requireNonNull(handler).closed(null);
    }

    @Override
    public synchronized boolean write(ByteBuffer data) {
        queued += data.remaining();
        most = Math.max(most, queued);
        received.update(data);
        executor.execute(this::drain);
        return queued < HIGH_WATER;
    }

    @Override
    public void flush() {}

    @Override
    public synchronized void end() {
        ended = true;
        executor.execute(this::closeIfDone);
    }

    @Override
    public void reset(ResetReason reason) {
        throw new AssertionError("reset " + reason);
    }

    @Override
    public synchronized boolean isWritable() {
        return queued < HIGH_WATER;
    }

    @Override
    public synchronized void pause() {
        paused = true;
    }

    @Override
    public synchronized void resume() {
        paused = false;
        schedule();
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
