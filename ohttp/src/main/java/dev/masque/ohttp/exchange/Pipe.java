package dev.masque.ohttp.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes from one thread to another, a bounded number of them at a time. Either end may be closed by any thread, which wakes the
 * other. Unlike the JDK's pipe it does not care which threads live, and tells an end from a failure.
 */
public final class Pipe {
    private final int capacity;
    private byte[] ring = {};
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int start;
    private int filled;
    private boolean ended;
    private boolean failed;
    private boolean unread;

    /**
     * An empty pipe.
     *
     * @param capacity bytes it holds
     */
    public Pipe(int capacity) {
        this.capacity = capacity;
    }

    /**
     * The end to write to; writing blocks while the pipe is full. Closing it is the end of the content.
     *
     * @return a stream for one thread
     */
    public OutputStream out() {
        return new Out();
    }

    /**
     * The end to read from. Closing it makes writing fail.
     *
     * @return a stream for one thread
     */
    public InputStream in() {
        return new In();
    }

    /** Makes reading fail once what was written has been read, unless the end was written. */
    public void fail() {
        change(() -> failed = !ended);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // its callers look again
    private void pause() throws IOException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    /** Most messages are short: the memory comes with them. */
    private void grow(int more) {
        byte[] larger = new byte[(int) Math.min(capacity, Math.max((long) filled + more, 2L * filled))];
        int tail = Math.min(filled, ring.length - start);
        System.arraycopy(ring, start, larger, 0, tail);
        System.arraycopy(ring, 0, larger, tail, filled - tail);
        ring = larger;
        start = 0;
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            lock.lock();
            try {
                int at = from;
                while (at < from + length) {
                    if (unread || ended || failed) {
                        throw new IOException("nobody reads this any more");
                    }
                    if (filled == ring.length) {
                        if (filled == capacity) {
                            pause();
                            continue;
                        }
                        grow(from + length - at);
                    }
                    int end = (start + filled) % ring.length;
                    int room = Math.min(ring.length - filled, ring.length - end);
                    int piece = Math.min(room, from + length - at);
                    System.arraycopy(bytes, at, ring, end, piece);
                    filled += piece;
                    at += piece;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            change(() -> ended = true);
        }
    }

    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            lock.lock();
            try {
                while (filled == 0) {
                    if (unread || failed) {
                        throw new IOException("the content is cut short");
                    }
                    if (ended) {
                        return -1;
                    }
                    pause();
                }
                int piece = Math.min(Math.min(length, filled), ring.length - start);
                System.arraycopy(ring, start, bytes, from, piece);
                start = (start + piece) % ring.length;
                filled -= piece;
                changed.signalAll();
                return piece;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            change(() -> {
                unread = true;
                filled = 0;
            });
        }
    }
}
