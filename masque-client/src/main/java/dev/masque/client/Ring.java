package dev.masque.client;

import java.nio.ByteBuffer;

/** A queue of bytes that grows as needed and takes no memory while it is empty and was large. Not thread-safe. */
final class Ring {
    private static final byte[] NONE = {};
    private static final int SMALLEST = 4 << 10;
    private static final int KEPT = 16 << 10;

    private byte[] bytes = NONE;
    private int head;
    private int size;

    int size() {
        return size;
    }

    void write(ByteBuffer in) {
        int length = in.remaining();
        if (size + length > bytes.length) {
            grow(size + length);
        }
        int tail = head + size;
        if (tail >= bytes.length) {
            tail -= bytes.length;
        }
        int first = Math.min(length, bytes.length - tail);
        in.get(bytes, tail, first);
        in.get(bytes, 0, length - first);
        size += length;
    }

    int read(byte[] out, int offset, int length) {
        int count = Math.min(length, size);
        int first = Math.min(count, bytes.length - head);
        System.arraycopy(bytes, head, out, offset, first);
        System.arraycopy(bytes, 0, out, offset + first, count - first);
        head = head + count >= bytes.length ? head + count - bytes.length : head + count;
        size -= count;
        if (size == 0) {
            head = 0;
            if (bytes.length > KEPT) {
                bytes = NONE;
            }
        }
        return count;
    }

    void clear() {
        bytes = NONE;
        head = 0;
        size = 0;
    }

    private void grow(int needed) {
        int length = Math.max(SMALLEST, bytes.length);
        while (length < needed) {
            length = Math.addExact(length, length);
        }
        byte[] larger = new byte[length];
        int kept = size;
        int first = Math.min(size, bytes.length - head);
        System.arraycopy(bytes, head, larger, 0, first);
        System.arraycopy(bytes, 0, larger, first, kept - first);
        bytes = larger;
        head = 0;
    }
}
