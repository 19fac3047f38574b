package dev.masque.kwik;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicStream;

/**
 * Reads a QUIC stream on a thread of its own, since kwik's reads block, and passes what arrives to an executor. At most two
 * pieces are under way: beyond that QUIC's flow control holds the peer back. Thread-safe.
 */
final class StreamReader implements Runnable {
    private static final int PIECE = 32 << 10;
    private static final int UNDER_WAY = 2;
    private static final int NO_LIMIT = 1 << 30;

    private final QuicStream stream;
    private final Executor executor;
    private final Sink sink;
    private final Semaphore permits = new Semaphore(UNDER_WAY);
    private final Object lock = new Object();
    private volatile boolean discarding;
    private boolean done;

    @Nullable private Thread thread;

    /** Called on the executor. */
    interface Sink {
        /** Bytes arrived; the buffer is the sink's, which calls {@link StreamReader#consumed} when done with it. */
        void arrived(ByteBuffer data);

        /** The peer ended the stream. */
        void ended();

        /** The stream was reset, or the connection is gone. */
        void broken();
    }

    StreamReader(QuicStream stream, Executor executor, Sink sink) {
        this.stream = stream;
        this.executor = executor;
        this.sink = sink;
    }

    /** The sink is done with a piece. */
    void consumed() {
        permits.release();
    }

    /** From now on what arrives is thrown away, so that its flow control credit goes back to the peer. */
    void discard() {
        discarding = true;
        permits.release(NO_LIMIT);
    }

    /** Whether kwik's stream has ended. */
    boolean isDone() {
        synchronized (lock) {
            return done;
        }
    }

    /** Makes a blocked read look again whether the stream is over: kwik's own wake-up can come too early and be lost. */
    void nudge() {
        synchronized (lock) {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    @Override
    public void run() {
        synchronized (lock) {
            thread = Thread.currentThread();
        }
        Runnable last = sink::broken;
        try {
            if (read(new LastBytes(stream))) {
                last = sink::ended;
            }
        } catch (IOException e) {
            // reset, or the connection is gone: which of them is known elsewhere
        } finally {
            synchronized (lock) {
                thread = null;
                done = true;
                Thread.interrupted(); // a nudge is not for what runs next on this thread
            }
            executor.execute(last);
        }
    }

    private boolean read(InputStream in) throws IOException {
        byte[] first = new byte[1];
        while (true) {
            // one byte, so that a stream on which nothing comes holds no buffer
            if (in.read(first, 0, 1) < 0) {
                return true;
            }
            byte[] piece = new byte[1 + Math.min(in.available(), PIECE - 1)];
            piece[0] = first[0];
            int length = piece.length == 1 ? 1 : 1 + Math.max(0, in.read(piece, 1, piece.length - 1));
            if (!discarding) {
                permits.acquireUninterruptibly();
            }
            if (!discarding) {
                ByteBuffer data = ByteBuffer.wrap(piece, 0, length);
                executor.execute(() -> sink.arrived(data));
            }
        }
    }
}
