package dev.masque.kwik;

import dev.masque.core.http3.H3;
import dev.masque.core.wire.Capsules;
import dev.masque.core.wire.VarInt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;

/**
 * Writes frames to a QUIC stream without ever blocking the caller: bytes wait here, and a task that lives as long as there
 * are some writes them, since kwik's writes block. Thread-safe.
 */
final class StreamWriter {
    private static final int HIGH_WATER = 256 << 10;
    private static final int LOW_WATER = 64 << 10;
    private static final int PIECE = 24 << 10;
    private static final int SMALLEST = 256;

    /** The type of a DATA frame, one byte, and its length, of four bytes at most. */
    private static final int ROOM = 5;

    private final QuicStream stream;
    private final StallGuard.Watch watch;
    private final Executor pool;
    private final Events events;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private int waiting;
    private boolean running;
    private boolean ending;
    private boolean stopped;
    private boolean kwikResets;
    private boolean full;

    @Nullable private Thread thread;

    /** Called on the writing thread. */
    interface Events {
        /** {@link #isWritable} is true again. */
        void writable();

        /** All that was written and the end of the stream are with kwik. */
        void allWritten();
    }

    /** For streams on which nobody waits. */
    static final Events NO_EVENTS = new Events() {
        @Override
        public void writable() {}

        @Override
        public void allWritten() {}
    };

    private static final class Piece {
        final byte[] bytes;
        final boolean isData;
        int length;

        Piece(byte[] bytes, int length, boolean isData) {
            this.bytes = bytes;
            this.length = length;
            this.isData = isData;
        }
    }

    StreamWriter(QuicConnection connection, QuicStream stream, Executor pool, Events events) {
        UnsentBytes.install(stream);
        this.stream = stream;
        this.watch = StallGuard.shared().watch(connection, stream);
        this.pool = pool;
        this.events = events;
    }

    /** Appends the payload of DATA frames. */
    synchronized boolean write(ByteBuffer data) {
        if (stopped || ending) {
            data.position(data.limit());
            return false;
        }
        waiting += data.remaining();
        while (data.hasRemaining()) {
            Piece last = pieces.peekLast();
            if (last == null || !last.isData || last.length == last.bytes.length) {
                int size = Math.min(PIECE, Math.max(SMALLEST, data.remaining()));
                last = new Piece(new byte[ROOM + size], ROOM, true);
                pieces.add(last);
            }
            int count = Math.min(data.remaining(), last.bytes.length - last.length);
            data.get(last.bytes, last.length, count);
            last.length += count;
        }
        full |= waiting >= HIGH_WATER;
        if (waiting >= PIECE) {
            start();
        }
        return !full;
    }

    /** Sends a datagram as a capsule, unless too much waits already. */
    boolean capsule(ByteBuffer payload) {
        if (!isWritable()) {
            return false;
        }
        ByteBuffer capsule = ByteBuffer.allocate(Capsules.datagramLength(payload.remaining()));
        Capsules.writeDatagram(capsule, payload.duplicate());
        write(capsule.flip());
        flush();
        return true;
    }

    /** Appends a whole frame of another type. */
    synchronized void frame(long type, ByteBuffer payload) {
        if (!stopped && !ending) {
            int length = payload.remaining();
            ByteBuffer frame = ByteBuffer.allocate(VarInt.length(type) + VarInt.length(length) + length);
            VarInt.write(frame, type);
            VarInt.write(frame, length);
            raw(frame.put(payload).flip());
        }
    }

    /** Appends bytes that are no frame, at the start of a stream. */
    synchronized void raw(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        pieces.add(new Piece(copy, copy.length, false));
        waiting += copy.length;
    }

    synchronized void flush() {
        if (!pieces.isEmpty()) {
            start();
        }
    }

    synchronized void end() {
        if (!ending && !stopped) {
            ending = true;
            start();
        }
    }

    synchronized boolean isEnding() {
        return ending;
    }

    synchronized boolean isWritable() {
        return !full && !stopped && !ending;
    }

    /** Drops what waits; nothing more is written. */
    void stop() {
        synchronized (this) {
            stopped = true;
            pieces.clear();
        }
        nudge();
    }

    /** Stops, and tells the peer by a reset, unless kwik does. */
    void reset(long code) {
        stop();
        synchronized (this) {
            if (!kwikResets) {
                stream.resetStream(code);
            }
        }
    }

    /**
     * Kwik answers STOP_SENDING with a reset next, on the thread that calls this. Of two resets at the same time it takes
     * both for the end of the stream, and gives the peer's place back twice.
     */
    synchronized void kwikResets() {
        kwikResets = true;
    }

    /** Ends a blocked write if the stream is over: kwik's own wake-up can come too early and be lost. */
    synchronized void nudge() {
        if (stopped && thread != null) {
            thread.interrupt();
        }
    }

    synchronized boolean isDone() {
        return !running;
    }

    private void start() {
        if (!running) {
            running = true;
            pool.execute(this::run);
        }
    }

    private void run() {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        try {
            while (writeNext()) {
                // until there is nothing left
            }
        } catch (IOException | RuntimeException e) {
            // reset by the peer, or the connection is gone: which of them is known elsewhere
            synchronized (this) {
                stopped = true;
                pieces.clear();
                leave();
            }
        }
    }

    /** One step; false if this task is over and another may have begun. */
    private boolean writeNext() throws IOException {
        Piece piece;
        synchronized (this) {
            piece = stopped ? null : pieces.poll();
            if (piece == null) {
                if (stopped || !ending) {
                    leave();
                    return false;
                }
                stopped = true;
            }
        }
        if (piece == null) {
            stream.getOutputStream().close();
            watch.touch();
            events.allWritten();
            return true;
        }
        int from = piece.isData ? header(piece) : 0;
        watch.touch(); // a write can block for ever on bytes that kwik forgot
        stream.getOutputStream().write(piece.bytes, from, piece.length - from);
        watch.touch();
        written(piece.isData ? piece.length - ROOM : piece.length);
        return true;
    }

    private void leave() {
        thread = null;
        running = false;
        Thread.interrupted(); // a nudge is not for what runs next on this thread
    }

    /** Puts the header before the payload; returns where it starts. */
    private static int header(Piece piece) {
        int payload = piece.length - ROOM;
        int start = ROOM - 1 - VarInt.length(payload);
        ByteBuffer header = ByteBuffer.wrap(piece.bytes, start, ROOM - start);
        VarInt.write(header, H3.DATA);
        VarInt.write(header, payload);
        return start;
    }

    private void written(int bytes) {
        synchronized (this) {
            waiting -= bytes;
            if (!full || stopped || waiting > LOW_WATER) {
                return;
            }
            full = false;
        }
        events.writable();
    }
}
