package dev.masque.ohttp.exchange;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Interrupts the current thread when what it does takes too long, and not after this is closed. Does so while the thread waits and
 * not while it runs: an interrupt in the middle of a write would close a connection that others use.
 */
public final class Interruption implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofMillis(1);

    private final Watchdog watchdog;
    private final Thread thread = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private Watchdog.Watch watch;
    private boolean closed;
    private boolean interrupted;

    /**
     * Watches the current thread.
     *
     * @param watchdog measures the time
     * @param limit how long until this is closed
     */
    public Interruption(Watchdog watchdog, Duration limit) {
        this.watchdog = watchdog;
        lock.lock();
        try {
            this.watch = watchdog.watch(limit, this::interrupt);
        } finally {
            lock.unlock();
        }
    }

    private void interrupt() {
        lock.lock();
        try {
            if (closed || interrupted) {
                return;
            }
            Thread.State state = thread.getState();
            if (thread == Thread.currentThread()) { // the watchdog is closed
                interrupted = true;
            } else if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
                interrupted = true;
                thread.interrupt();
            } else {
                watch = watchdog.watch(AGAIN, this::interrupt);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts the end off.
     *
     * @param limit how long it may take from now
     */
    public void extend(Duration limit) {
        lock.lock();
        try {
            watch.extend(limit);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the thread was interrupted by this, or is to do nothing because the watchdog is closed.
     *
     * @return true if the time was over
     */
    public boolean expired() {
        lock.lock();
        try {
            return interrupted;
        } finally {
            lock.unlock();
        }
    }

    /** It is done: from now on the thread is not interrupted, nor is it still. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            watch.close();
            if (interrupted) { // perhaps after it had waited
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }
}
