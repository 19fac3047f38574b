package dev.masque.core.spi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what arrives on a {@link ByteStream}. Called one at a time on the stream's {@link ByteStream#executor()}; must not
 * block. An exception thrown from a callback resets the stream with {@link ResetReason#INTERNAL_ERROR}.
 */
public interface ByteHandler {
    /**
     * Bytes arrived. Never called while the stream is paused.
     *
     * @param data the bytes; valid, and the transport's, until this returns
     */
    void data(ByteBuffer data);

    /** A batch of {@link #data} calls is over: the moment to flush where they went. */
    default void dataComplete() {}

    /** The peer ended its direction; no data follows. This side may go on sending. */
    void end();

    /** {@link ByteStream#isWritable()} turned from false to true. */
    default void writable() {}

    /**
     * The stream is over, in both directions. Called once, last, also if nothing else ever was, and also while paused.
     *
     * @param failure how it failed; null if both directions ended as they should
     */
    void closed(@Nullable StreamFailure failure);
}
