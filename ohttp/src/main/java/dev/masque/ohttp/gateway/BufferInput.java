package dev.masque.ohttp.gateway;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** A buffer as a stream. For one thread at a time. */
final class BufferInput extends InputStream {
    private final ByteBuffer buffer;

    BufferInput(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    @Override
    public int read() {
        return buffer.hasRemaining() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
        if (length > 0 && !buffer.hasRemaining()) {
            return -1;
        }
        int read = Math.min(length, buffer.remaining());
        buffer.get(bytes, from, read);
        return read;
    }

    @Override
    public int available() {
        return buffer.remaining();
    }
}
