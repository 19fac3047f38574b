package dev.masque.netty;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.StreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived for a {@link CarriedChannel} and is not read: above a bound the stream is paused, below a quarter of it
 * resumed. Thread-safe.
 */
final class CarriedInput {
    private static final int HIGH = 128 << 10;
    private static final int LOW = HIGH / 4;
    private static final int MAX_DISCARDED = 64 << 10;

    private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>(4);
    private int held;
    private boolean paused;
    private boolean discards;
    private int discarded;
    private boolean ended;
    private boolean over;

    @Nullable private StreamFailure failure;

    /** On the stream's executor. False if it is too much of what nobody wants. */
    synchronized boolean add(ByteBuffer data, ByteBufAllocator allocator, ByteStream stream) {
        int length = data.remaining();
        if (discards) {
            discarded += length;
            return discarded <= MAX_DISCARDED;
        }
        arrived.add(allocator.heapBuffer(length, length).writeBytes(data)); // the JDK's TLS takes these faster
        held += length;
        if (held >= HIGH && !paused) {
            paused = true;
            stream.pause(); // under the lock, so that it cannot come after the resume of a reader
        }
        return true;
    }

    @Nullable synchronized ByteBuf poll(ByteStream stream) {
        ByteBuf next = arrived.poll();
        if (next != null) {
            held -= next.readableBytes();
            if (paused && held <= LOW) {
                paused = false;
                stream.resume();
            }
        }
        return next;
    }

    synchronized void end() {
        ended = true;
    }

    synchronized void over(@Nullable StreamFailure how) {
        over = true;
        failure = how;
    }

    /** Drops what is there and what comes. */
    synchronized void discard() {
        discards = true;
        arrived.forEach(ByteBuf::release);
        arrived.clear();
        held = 0;
    }

    synchronized boolean isReady() {
        return !arrived.isEmpty() || ended || over;
    }

    synchronized boolean isExhausted() {
        return arrived.isEmpty() && !discards && (ended || over);
    }

    /** Whether nothing can be sent any more, either. */
    synchronized boolean isOver() {
        return over;
    }

    @Nullable synchronized StreamFailure failure() {
        return failure;
    }
}
