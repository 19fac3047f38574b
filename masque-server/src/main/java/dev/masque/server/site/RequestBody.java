package dev.masque.server.site;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** What a client sends with an ordinary request. For one thread. */
final class RequestBody extends InputStream {
    private final Bridge bridge;
    private final Runnable beforeFirstRead;
    private boolean started;

    RequestBody(Bridge bridge, Runnable beforeFirstRead) {
        this.bridge = bridge;
        this.beforeFirstRead = beforeFirstRead;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!started) {
            started = true;
            beforeFirstRead.run();
        }
        return bridge.read(into, offset, length);
    }

    @Override
    public int available() {
        return bridge.available();
    }
}
