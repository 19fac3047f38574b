package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * What arrived on a stream while nobody wanted it. Small pieces are copied together, so that a peer cannot make each of its
 * bytes hold a buffer. For the event loop only.
 */
final class HeldBytes {
    private static final int COPIED = 2_048;
    private static final int CHUNK = 16 << 10;

    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(2);
    private int size;

    /** Whether the last piece is a copy with room for more. */
    private boolean open;

    void add(ByteBuf data) {
        int bytes = data.readableBytes();
        if (bytes == 0) {
            return;
        }
        size += bytes;
        if (bytes > COPIED) {
            pieces.add(data.retainedSlice());
            open = false;
            return;
        }
        ByteBuf last = open ? pieces.peekLast() : null;
        if (last == null || last.maxWritableBytes() < bytes) {
            last = data.alloc().buffer(bytes, CHUNK);
            pieces.add(last);
            open = true;
        }
        last.writeBytes(data, data.readerIndex(), bytes);
    }

    /** The first piece, now the caller's. */
    ByteBuf remove() {
        ByteBuf first = pieces.remove();
        open &= !pieces.isEmpty();
        size -= first.readableBytes();
        return first;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    int size() {
        return size;
    }

    void release() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        size = 0;
    }
}
