package dev.masque.netty;

import dev.masque.core.wire.Capsules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a stream has to send, in order: heads, bytes in pooled buffers, and the end. Any thread appends, the event loop
 * takes. Counts the memory of all bytes until they are with the system, which is what writability follows. Thread-safe.
 */
final class Outbox {
    /** The item that ends the stream. */
    static final Object END = new Object();

    private static final int HIGH = 256 << 10;
    private static final int LOW = 64 << 10;
    private static final int SMALL = 512;
    private static final int LARGE = 16 << 10;

    private final ByteBufAllocator allocator;
    private final int headroom;

    @Nullable private ArrayDeque<Object> items;

    @Nullable private ByteBuf tail;

    /** False on a client until the request is there: nothing may leave before it. */
    private boolean started;

    private long pending;
    private boolean flushAsked;
    private volatile boolean ended;
    private volatile boolean closed;
    private volatile boolean full;

    /** What it appends has so many bytes of room before it. */
    Outbox(ByteBufAllocator allocator, boolean started, int headroom) {
        this.allocator = allocator;
        this.headroom = headroom;
        this.started = started;
    }

    /** Puts the request before everything else. */
    synchronized void start(Object request) {
        started = true;
        if (!closed) {
            if (items == null) {
                items = new ArrayDeque<>(4);
            }
            items.addFirst(request);
        }
    }

    /** Copies bytes; all of them, even over the bound. */
    synchronized boolean write(ByteBuffer data) {
        if (ended || closed) {
            data.position(data.limit());
            return false;
        }
        while (data.hasRemaining()) {
            ByteBuf to = room(1, Math.min(data.remaining(), HIGH));
            int count = Math.min(to.writableBytes(), data.remaining());
            ByteBuffer part = data.duplicate().limit(data.position() + count);
            to.writeBytes(part);
            data.position(data.position() + count);
        }
        return !full;
    }

    /** Copies a datagram as a capsule, unless too much is waiting already. */
    synchronized boolean datagram(ByteBuffer payload, int bound) {
        if (ended || closed || pending >= bound) {
            return false;
        }
        int length = Capsules.datagramLength(payload.remaining());
        ByteBuf to = room(length, length);
        ByteBuffer view = to.nioBuffer(to.writerIndex(), length);
        Capsules.writeDatagram(view, payload);
        to.writerIndex(to.writerIndex() + length);
        return true;
    }

    /** Appends a head. */
    synchronized void head(Object head) {
        if (!closed) {
            add(head);
        }
    }

    /** Appends the end; false if it was there before. */
    synchronized boolean end() {
        if (ended || closed) {
            return false;
        }
        ended = true;
        add(END);
        return true;
    }

    /** The next item, now the caller's, or null. */
    @Nullable synchronized Object poll() {
        flushAsked = false;
        if (!started) {
            return null;
        }
        Object item = items == null ? null : items.poll();
        if (item == null) {
            items = null; // an idle stream keeps nothing
        }
        if (item == tail) {
            tail = null;
        }
        return item;
    }

    /** Takes the end if it is the next item. */
    synchronized boolean pollEnd() {
        if (items != null && items.peek() == END) {
            items = null;
            return true;
        }
        return false;
    }

    /** Counts bytes out, by the capacity of their buffer; true if that made the stream writable. */
    synchronized boolean sent(int capacity) {
        pending -= capacity;
        if (!full || pending > LOW || closed || ended) {
            return false;
        }
        full = false;
        return true;
    }

    /** Whether a flush has to be asked of the event loop: not if one is on its way. */
    synchronized boolean askFlush() {
        boolean first = !flushAsked;
        flushAsked = true;
        return first;
    }

    /** Drops what is not sent and takes nothing more. */
    synchronized void close() {
        closed = true;
        tail = null;
        if (items != null) {
            for (Object item : items) {
                if (item instanceof ByteBuf bytes) {
                    bytes.release();
                }
            }
            items = null;
        }
    }

    synchronized boolean isEmpty() {
        return pending == 0 && (items == null || items.isEmpty());
    }

    boolean isWritable() {
        return !full && !ended && !closed;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isEnded() {
        return ended;
    }

    private ByteBuf room(int least, int wanted) {
        ByteBuf last = tail;
        if (last != null && last.writableBytes() >= least) {
            return last;
        }
        int grown = last == null ? SMALL : Math.min(2 * last.capacity(), LARGE);
        ByteBuf fresh = allocator.buffer(headroom + Math.max(wanted, grown));
        fresh.setIndex(headroom, headroom);
        pending += fresh.capacity();
        full |= pending > HIGH;
        tail = fresh;
        add(fresh);
        return fresh;
    }

    private void add(Object item) {
        if (items == null) {
            items = new ArrayDeque<>(4);
        }
        if (item != tail) {
            tail = null;
        }
        items.add(item);
    }
}
