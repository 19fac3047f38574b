package dev.masque.core.spi;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/**
 * Bytes in both directions with flow control: a tunnel's stream to a peer, or a TCP connection to a target.
 *
 * <p>Every method may be called from any thread and none blocks. Callbacks go to the {@link ByteHandler} that was given
 * when the stream was made, one at a time, on {@link #executor()}. A stream starts paused.
 */
public interface ByteStream {
    /**
     * Appends bytes to what is sent. They leave at the next {@link #flush()} at the latest. All bytes are taken, and
     * copied before this returns; a caller that goes on writing while {@link #isWritable()} is false makes the transport
     * use more memory than it wants to.
     *
     * @param data the bytes from position to limit; its position afterwards is its limit; the buffer stays the caller's
     * @return {@link #isWritable()} afterwards
     */
    boolean write(ByteBuffer data);

    /** Sends what was written. */
    void flush();

    /** Ends this side's direction after what was written, which it also flushes; the other direction goes on. No effect if it has ended. */
    void end();

    /**
     * Ends both directions at once and drops what is not sent. On a TCP connection this is an RST. No effect on a closed
     * stream.
     *
     * @param reason what the peer is told
     */
    void reset(ResetReason reason);

    /**
     * Whether more can be written without going over the high-water mark. After false,
     * {@link ByteHandler#writable()} says when it is true again.
     *
     * @return false if the caller should stop writing
     */
    boolean isWritable();

    /** Stops {@link ByteHandler#data}: from its return on, if called on {@link #executor()}, none comes until {@link #resume()}. Back-pressure reaches the peer. */
    void pause();

    /** Starts or restarts {@link ByteHandler#data}. */
    void resume();

    /**
     * The thread of the callbacks.
     *
     * @return an executor whose tasks run one at a time, and never at the same time as a callback of this stream
     */
    Executor executor();
}
