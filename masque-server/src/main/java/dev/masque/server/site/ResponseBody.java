package dev.masque.server.site;

import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** What a handler answers. For one thread. Holds the handler to the length that it promised. */
final class ResponseBody extends OutputStream {
    private final Bridge bridge;
    private final HttpStream stream;
    private final Runnable done;
    private boolean open;
    private boolean dropping;
    private long left = -1;
    private boolean closed;

    ResponseBody(Bridge bridge, HttpStream stream, Runnable done) {
        this.bridge = bridge;
        this.stream = stream;
        this.done = done;
    }

    /** The head is sent; {@code length} bytes follow, -1 is any number. */
    void open(long length, boolean dropped) {
        open = true;
        left = length;
        dropping = dropped;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (!open || closed) {
            throw new IOException(closed ? "response is closed" : "response headers are not sent yet");
        }
        if (dropping) {
            return;
        }
        if (left >= 0 && length > left) {
            throw new IOException("more bytes than the response has");
        }
        bridge.write(ByteBuffer.wrap(from, offset, length));
        left = left < 0 ? left : left - length;
    }

    @Override
    public void flush() {
        if (open && !closed) {
            stream.flush();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (open && (dropping || left <= 0)) {
            stream.end();
        } else {
            stream.reset(ResetReason.INTERNAL_ERROR); // no response, or less of it than was promised
        }
        done.run();
    }
}
