package dev.masque.client;

import dev.masque.client.pool.Timer;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.wire.UdpContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between datagrams that are pushed and threads that wait for them. Keeps a bounded number, and drops the oldest for a new
 * one. RFC 9298, section 5. Thread-safe.
 */
final class UdpBridge implements Bridge {
    private static final Logger LOG = LoggerFactory.getLogger(UdpBridge.class);
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final HttpStream stream;
    private final Timer timer;
    private final HopPlace place;
    private final int capacity;
    private final AtomicLong sent = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>(4);
    private boolean over;
    private boolean closed;
    private Runnable lingering = () -> {};

    @Nullable private DatagramListener listener;

    @Nullable private StreamFailure failure;

    private volatile long received;
    private volatile long dropped;

    UdpBridge(HttpStream stream, Timer timer, int capacity, HopPlace place) {
        this.place = place;
        this.stream = stream;
        this.timer = timer;
        this.capacity = capacity;
    }

    @Override
    public void accepted() {
        stream.resume(); // for the end: datagrams come without
    }

    @Override
    public void data(ByteBuffer data) {
        throw new IllegalStateException("data on a stream of capsules");
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the stream's executor only
    public void datagram(ByteBuffer payload) {
        if (UdpContext.readContextId(payload) != UdpContext.UDP) {
            return; // RFC 9298, 4: of a context that nobody registered
        }
        int length = payload.remaining();
        if (length > UdpContext.MAX_UDP_PAYLOAD) {
            stream.reset(ResetReason.DATAGRAM_ERROR); // RFC 9298, 5
            return;
        }
        received += length;
        DatagramListener taker = offer(payload);
        if (taker != null) {
            deliver(taker, payload);
        }
    }

    @Nullable @SuppressWarnings("NonAtomicVolatileUpdate") // written by the stream's executor only
    private DatagramListener offer(ByteBuffer payload) {
        lock.lock();
        try {
            if (closed || listener != null) {
                return closed ? null : listener;
            }
            if (queue.size() >= capacity) {
                queue.remove();
                dropped++;
            }
            queue.add(ByteBuffer.allocate(payload.remaining()).put(payload).flip());
            arrived.signal();
            return null;
        } finally {
            lock.unlock();
        }
    }

    private static void deliver(DatagramListener taker, ByteBuffer payload) {
        try {
            taker.datagram(payload);
        } catch (RuntimeException e) {
            LOG.debug("a listener failed", e);
        }
    }

    @Override
    public void end() {
        stream.end(); // the proxy is done with its socket: RFC 9298, 3.1
    }

    @Override
    public void closed(@Nullable StreamFailure how) {
        Runnable timeout;
        DatagramListener taker;
        lock.lock();
        try {
            over = true;
            failure = how;
            timeout = lingering;
            taker = listener;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        timeout.run();
        if (taker != null) {
            tell(taker);
        }
    }

    private void tell(DatagramListener taker) {
        StreamFailure how = failure;
        boolean mine = isClosing();
        try {
            taker.closed(mine || how == null ? null : broken());
        } catch (RuntimeException e) {
            LOG.debug("a listener failed", e);
        }
    }

    private TunnelException broken() {
        StreamFailure how = failure;
        String message = how == null
                ? "the proxy ended the tunnel"
                : how.reason() == ResetReason.SESSION_LOST
                        ? "the session to the proxy was lost"
                        : "the tunnel was reset: " + how.reason();
        return place.broken(message, how == null ? null : how.cause());
    }

    /** On the stream's executor, so that datagrams that wait and new ones keep their order. */
    void listen(DatagramListener taker) {
        stream.executor().execute(() -> {
            ByteBuffer next = start(taker);
            while (next != null) {
                deliver(taker, next);
                next = start(taker);
            }
        });
    }

    /** The next datagram that waits; without one the listener is in place. */
    @Nullable private ByteBuffer start(DatagramListener taker) {
        boolean late;
        lock.lock();
        try {
            ByteBuffer next = closed ? null : queue.poll();
            if (next != null) {
                return next;
            }
            listener = taker;
            late = over;
        } finally {
            lock.unlock();
        }
        if (late) {
            tell(taker);
        }
        return null;
    }

    boolean send(ByteBuffer payload) throws IOException {
        int length = payload.remaining();
        if (length > UdpContext.MAX_UDP_PAYLOAD) {
            throw new IllegalArgumentException("a UDP payload of " + length + " bytes");
        }
        checkUsable();
        ByteBuffer datagram = ByteBuffer.allocate(length + 1);
        datagram.put((byte) UdpContext.UDP).put(payload).flip();
        if (datagram.remaining() > stream.maxDatagramSize() || !stream.sendDatagram(datagram)) {
            return false;
        }
        stream.flush();
        sent.addAndGet(length);
        return true;
    }

    private void checkUsable() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new SocketException("tunnel is closed");
            }
            if (over) {
                throw broken();
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<ByteBuffer> receive(Duration timeout) throws IOException {
        lockInterruptibly();
        try {
            if (listener != null) {
                throw new IllegalStateException("a listener takes the datagrams");
            }
            long left = saturated(timeout);
            while (!closed && queue.isEmpty() && !over && left > 0) {
                left = await(left);
            }
            if (closed) {
                throw new SocketException("tunnel is closed");
            }
            ByteBuffer first = queue.poll();
            if (first == null && over) {
                throw broken();
            }
            return Optional.ofNullable(first);
        } finally {
            lock.unlock();
        }
    }

    private static long saturated(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE; // 292 years will do
        }
    }

    @SuppressWarnings("WaitNotInLoop") // its caller loops
    private long await(long nanos) throws InterruptedIOException {
        try {
            return arrived.awaitNanos(nanos);
        } catch (InterruptedException e) {
            throw TcpBridge.interrupted(e);
        }
    }

    private void lockInterruptibly() throws InterruptedIOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw TcpBridge.interrupted(e);
        }
    }

    int maxPayload() {
        lock.lock();
        try {
            if (closed || over) {
                return 0;
            }
        } finally {
            lock.unlock();
        }
        return Math.max(0, Math.min(UdpContext.MAX_UDP_PAYLOAD, stream.maxDatagramSize() - 1));
    }

    long dropped() {
        return dropped;
    }

    void close(boolean hard) {
        boolean act;
        lock.lock();
        try {
            act = !closed && !over;
            closed = true;
            queue.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        if (act && hard) {
            stream.reset(ResetReason.CANCEL);
        } else if (act) {
            stream.end();
            linger();
        }
    }

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

    @Override
    public long sent() {
        return sent.get();
    }

    @Override
    public long received() {
        return received;
    }
}
