package dev.masque.client;

import dev.masque.client.pool.Timer;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Between a stream that pushes and threads that block. Holds a bounded number of bytes: above the bound the stream is paused,
 * below a quarter of it resumed. Thread-safe.
 */
final class TcpBridge implements Bridge {
    private static final int MAX_WRITE = 64 << 10;
    private static final int MAX_DISCARDED = 64 << 10;
    private static final Duration LINGER = Duration.ofSeconds(10);

    private final HttpStream stream;
    private final Timer timer;
    private final HopPlace place;
    private final int high;
    private final int low;

    /** Keeps writers apart; held while one waits. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Guards everything below; never held for long. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition readable = lock.newCondition();
    private final Condition writable = lock.newCondition();
    private final Ring ring = new Ring();
    private boolean paused = true;
    private boolean remoteEnded;
    private boolean over;
    private boolean inputShut;
    private boolean outputShut;
    private boolean closed;
    private int discarded;
    private Runnable lingering = () -> {};

    @Nullable private StreamFailure failure;

    private volatile long sent;
    private volatile long received;

    TcpBridge(HttpStream stream, Timer timer, int buffer, HopPlace place) {
        this.place = place;
        this.stream = stream;
        this.timer = timer;
        this.high = buffer;
        this.low = buffer / 4;
    }

    @Override
    public void accepted() {
        lock.lock();
        try {
            paused = false;
        } finally {
            lock.unlock();
        }
        stream.resume();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the stream's executor only
    public void data(ByteBuffer data) {
        int length = data.remaining();
        received += length;
        boolean unwanted = false;
        lock.lock();
        try {
            if (closed) {
                discarded += length;
                unwanted = discarded > MAX_DISCARDED;
            } else if (!inputShut) {
                ring.write(data);
                readable.signal();
                if (ring.size() >= high && !paused) {
                    paused = true;
                    stream.pause(); // under the lock, so that it cannot come after the resume of a reader
                }
            }
        } finally {
            lock.unlock();
        }
        if (unwanted) {
            stream.reset(ResetReason.CANCEL);
        }
    }

    @Override
    public void end() {
        lock.lock();
        try {
            remoteEnded = true;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void writable() {
        lock.lock();
        try {
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closed(@Nullable StreamFailure how) {
        Runnable timeout;
        lock.lock();
        try {
            over = true;
            failure = how;
            timeout = lingering;
            readable.signalAll();
            writable.signalAll();
        } finally {
            lock.unlock();
        }
        timeout.run();
    }

    int read(byte[] out, int offset, int length, Duration timeout) throws IOException {
        boolean resume = false;
        int count;
        lockInterruptibly(lock);
        try {
            long left = timeout.isZero() ? Long.MAX_VALUE : timeout.toNanos();
            while (!closed && !inputShut && ring.size() == 0 && !remoteEnded && !over) {
                if (left <= 0) {
                    throw new SocketTimeoutException("read timed out");
                }
                left = await(readable, left);
            }
            if (closed) {
                throw new SocketException("socket is closed");
            }
            if (inputShut || ring.size() == 0) {
                return endOfInput();
            }
            count = ring.read(out, offset, length);
            if (paused && ring.size() <= low) {
                paused = false;
                resume = true;
            }
            if (ring.size() > 0) {
                readable.signal(); // another reader, woken by the same data
            }
        } finally {
            lock.unlock();
        }
        if (resume) {
            stream.resume();
        }
        return count;
    }

    private int endOfInput() throws TunnelException {
        if (!inputShut && !remoteEnded && failure != null) {
            throw broken();
        }
        return -1;
    }

    private TunnelException broken() {
        StreamFailure how = failure;
        if (how == null) {
            return place.broken("the tunnel has ended", null);
        }
        String message = how.reason() == ResetReason.SESSION_LOST
                ? "the session to the proxy was lost"
                : how.remote() ? "connection reset by the proxy: " + how.reason() : "connection reset: " + how.reason();
        return place.broken(message, how.cause());
    }

    int available() throws SocketException {
        lock.lock();
        try {
            if (closed) {
                throw new SocketException("socket is closed");
            }
            return inputShut ? 0 : ring.size();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock of writers only
    void write(byte[] bytes, int offset, int length) throws IOException {
        lockInterruptibly(writing);
        try {
            int done = 0;
            do {
                awaitWritable();
                int count = Math.min(MAX_WRITE, length - done);
                stream.write(ByteBuffer.wrap(bytes, offset + done, count));
                done += count;
                sent += count;
            } while (done < length);
            stream.flush();
        } finally {
            writing.unlock();
        }
    }

    private void awaitWritable() throws IOException {
        boolean flushed = false;
        lockInterruptibly(lock);
        try {
            while (true) {
                if (closed) {
                    throw new SocketException("socket is closed");
                }
                if (outputShut) {
                    throw new SocketException("socket output is shut down");
                }
                if (over) {
                    throw broken();
                }
                if (stream.isWritable()) {
                    return;
                }
                if (!flushed) {
                    flushed = true;
                    stream.flush(); // what waits unsent would never make room
                    continue;
                }
                await(writable, Long.MAX_VALUE);
            }
        } finally {
            lock.unlock();
        }
    }

    void shutdownInput() {
        boolean resume;
        lock.lock();
        try {
            inputShut = true;
            ring.clear();
            resume = paused && !over;
            paused = false;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
        if (resume) {
            stream.resume(); // what still comes is dropped
        }
    }

    void shutdownOutput() {
        lock.lock();
        try {
            if (outputShut) {
                return;
            }
            outputShut = true;
            writable.signalAll();
        } finally {
            lock.unlock();
        }
        endAfterWriters();
    }

    private void endAfterWriters() {
        writing.lock();
        try {
            stream.end();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Closes like a TCP socket: what was written still goes out and the peer is told the end, unless there is data that
     * nobody will read: then, and with {@code hard}, it is a reset.
     */
    void close(boolean hard) {
        boolean reset;
        boolean end;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            reset = !over && (hard || ring.size() > 0 && !remoteEnded);
            end = !over && !reset;
            ring.clear();
            readable.signalAll();
            writable.signalAll();
        } finally {
            lock.unlock();
        }
        if (reset) {
            stream.reset(ResetReason.CANCEL);
        } else if (end) {
            endAfterWriters();
            stream.resume();
            linger();
        }
    }

    /** Waits for the peer's end, in the background. */
    private void linger() {
        Runnable timeout = timer.after(LINGER, () -> stream.reset(ResetReason.CANCEL));
        boolean late;
        lock.lock();
        try {
            lingering = timeout;
            late = over;
        } finally {
            lock.unlock();
        }
        if (late) {
            timeout.run();
        }
    }

    @Override
    public void abort() {
        close(true);
    }

    @Override
    public boolean isClosing() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    boolean isInputShut() {
        lock.lock();
        try {
            return inputShut;
        } finally {
            lock.unlock();
        }
    }

    boolean isOutputShut() {
        lock.lock();
        try {
            return outputShut;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public long received() {
        return received;
    }

    private static void lockInterruptibly(ReentrantLock lock) throws InterruptedIOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private static long await(Condition condition, long nanos) throws InterruptedIOException {
        try {
            return condition.awaitNanos(nanos);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(cause);
        return interrupted;
    }
}
