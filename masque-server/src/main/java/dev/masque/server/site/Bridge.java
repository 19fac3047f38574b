package dev.masque.server.site;

import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Lets a thread that blocks read and write a stream that does not. One thread reads, one writes. */
final class Bridge implements StreamHandler {
    private static final int MOST_BUFFERED = 64 << 10;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final HttpStream stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ByteBuffer> received = new ArrayDeque<>(2);
    private int buffered;
    private boolean paused;
    private boolean dropping;
    private boolean ended;
    private boolean closed;

    @Nullable private Runnable whenClosed;

    Bridge(HttpStream stream) {
        this.stream = stream;
    }

    @Override
    public void data(ByteBuffer data) {
        lock.lock();
        try {
            if (dropping) {
                return;
            }
            received.add(ByteBuffer.allocate(data.remaining()).put(data).flip());
            buffered += received.getLast().remaining();
            if (buffered >= MOST_BUFFERED) {
                paused = true;
                stream.pause();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        set(() -> ended = true);
    }

    @Override
    public void writable() {
        set(() -> true);
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        set(() -> closed = true);
        Runnable task;
        lock.lock();
        try {
            task = whenClosed;
        } finally {
            lock.unlock();
        }
        if (task != null) {
            task.run();
        }
    }

    private void set(BooleanSupplier change) {
        lock.lock();
        try {
            if (change.getAsBoolean()) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Blocks for what the client sends; -1 at its end. */
    int read(byte[] into, int offset, int length) throws IOException {
        lock.lock();
        try {
            await(() -> buffered > 0 || ended);
            ByteBuffer first = received.peek();
            if (first == null) {
                return -1;
            }
            int count = Math.min(length, first.remaining());
            first.get(into, offset, count);
            if (!first.hasRemaining()) {
                received.remove();
            }
            buffered -= count;
            if (paused && buffered < MOST_BUFFERED / 2) {
                paused = false;
                stream.resume();
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    int available() {
        lock.lock();
        try {
            return buffered;
        } finally {
            lock.unlock();
        }
    }

    boolean hasRequestBody() {
        lock.lock();
        try {
            return buffered > 0 || !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks while the client does not read. */
    void write(ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            lock.lock();
            try {
                await(() -> closed || stream.isWritable());
                if (closed) {
                    throw new IOException("the client is gone");
                }
            } finally {
                lock.unlock();
            }
            int limit = data.limit();
            data.limit(Math.min(limit, data.position() + MOST_BUFFERED));
            if (!stream.write(data)) {
                stream.flush(); // before waiting: what is not flushed need not leave
            }
            data.limit(limit);
        }
    }

    /** Waits under the lock; a client that does nothing for a minute is given up. */
    private void await(BooleanSupplier condition) throws IOException {
        long left = PATIENCE;
        while (!condition.getAsBoolean()) {
            if (closed) {
                throw new IOException("the client is gone");
            }
            if (left <= 0) {
                stream.reset(ResetReason.CANCEL);
                throw new IOException("the client did nothing for too long");
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    /** The answer is complete: what the client still sends is dropped, and the task runs once the stream is closed. */
    void finish(Runnable task) {
        boolean alreadyClosed;
        lock.lock();
        try {
            dropping = true;
            received.clear();
            buffered = 0;
            alreadyClosed = closed;
            whenClosed = task;
            if (paused) {
                paused = false;
                stream.resume();
            }
        } finally {
            lock.unlock();
        }
        if (alreadyClosed) {
            task.run();
        }
    }
}
