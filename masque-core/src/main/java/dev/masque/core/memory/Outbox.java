package dev.masque.core.memory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What one end of a stream has to send, in order: heads, bytes, and the end. Thread-safe. */
final class Outbox {
    /** The item that ends the direction. */
    static final Object END = new Object();

    private static final int HIGH = 64 << 10;
    private static final int LOW = 16 << 10;

    private final ArrayDeque<Object> items = new ArrayDeque<>(2);
    private boolean started;
    private long pending;
    private boolean full;
    private boolean ended;
    private boolean closed;
    private boolean flushAsked;

    /** With {@code started} false, nothing comes out before {@link #start}. */
    Outbox(boolean started) {
        this.started = started;
    }

    /** Puts a head before everything else. */
    synchronized void start(Object head) {
        started = true;
        if (!closed) {
            items.addFirst(head);
        }
    }

    /** Copies bytes; all of them, even over the high-water mark. */
    synchronized boolean write(ByteBuffer data) {
        if (ended || closed) {
            data.position(data.limit());
            return false;
        }
        if (data.hasRemaining()) {
            ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
            items.add(copy);
            pending += copy.remaining();
            full |= pending > HIGH;
        }
        return !full;
    }

    synchronized void head(Object head) {
        if (!closed && !ended) {
            items.add(head);
        }
    }

    /** Appends the end; false if there was one. */
    synchronized boolean end() {
        if (ended || closed) {
            return false;
        }
        ended = true;
        items.add(END);
        return true;
    }

    /** The next item, now the caller's: of bytes, as many as there is room for. Null if there is none or no room. */
    @Nullable synchronized Object poll(int room) {
        if (!started) {
            return null;
        }
        if (!(items.peek() instanceof ByteBuffer data)) {
            return items.poll();
        }
        if (room == 0) {
            return null;
        }
        if (data.remaining() <= room) {
            items.remove();
            pending -= data.remaining();
            return data;
        }
        ByteBuffer part = data.slice(data.position(), room);
        data.position(data.position() + room);
        pending -= room;
        return part;
    }

    synchronized boolean nextIsEnd() {
        return started && items.peek() == END;
    }

    /** Whether bytes wait for room. */
    synchronized boolean hasBytes() {
        return started && pending > 0;
    }

    /** True if what was taken made the stream writable again. */
    synchronized boolean becameWritable() {
        if (!full || pending > LOW || closed || ended) {
            return false;
        }
        full = false;
        return true;
    }

    /** Whether a flush has to be started: not if one is on its way. */
    synchronized boolean askFlush() {
        boolean first = !flushAsked;
        flushAsked = true;
        return first;
    }

    synchronized void flushStarts() {
        flushAsked = false;
    }

    /** Drops what is not sent and takes nothing more. */
    synchronized void close() {
        closed = true;
        items.clear();
        pending = 0;
    }

    synchronized boolean isWritable() {
        return !full && !ended && !closed;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    synchronized boolean isOpen() {
        return !ended && !closed;
    }
}
