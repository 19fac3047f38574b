package dev.masque.ohttp.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends an exchange that takes too long: closes what was given to it, and interrupts the exchange's thread, which ends what that
 * blocks on; with the JDK's server nothing else ends a write to a client that does not read. Thread-safe.
 */
public final class Abort implements Runnable {
    private final Thread thread = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<AutoCloseable> open = new ArrayList<>();
    private boolean aborted;
    private boolean finished;

    /** For an exchange in the current thread. */
    Abort() {}

    /**
     * Closes this too; at once, if the exchange has been ended.
     *
     * @param closeable may be closed by any thread, more than once
     */
    public void closes(AutoCloseable closeable) {
        lock.lock();
        try {
            if (!aborted) {
                open.add(closeable);
                return;
            }
        } finally {
            lock.unlock();
        }
        close(closeable);
    }

    @Override
    public void run() {
        List<AutoCloseable> now;
        lock.lock();
        try {
            aborted = true;
            now = List.copyOf(open);
            open.clear();
        } finally {
            lock.unlock();
        }
        now.forEach(Abort::close);
        lock.lock();
        try {
            if (!finished) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean aborted() {
        lock.lock();
        try {
            return aborted;
        } finally {
            lock.unlock();
        }
    }

    /** The exchange is over; its thread will not be interrupted from now on, nor is it. */
    void finish() {
        lock.lock();
        try {
            finished = true;
        } finally {
            lock.unlock();
        }
        if (aborted()) {
            Thread.interrupted();
        }
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // it is of no more use either way
        }
    }
}
