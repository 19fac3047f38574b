package dev.masque.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** What comes out of a TCP tunnel. Thread-safe. */
final class TunnelInput extends InputStream {
    private final TcpTunnel tunnel;
    private final TcpBridge bridge;

    TunnelInput(TcpTunnel tunnel, TcpBridge bridge) {
        this.tunnel = tunnel;
        this.bridge = bridge;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] out, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, out.length);
        return length == 0 ? 0 : bridge.read(out, offset, length, tunnel.readTimeout());
    }

    @Override
    public int available() throws IOException {
        return bridge.available();
    }

    @Override
    public void close() {
        tunnel.close();
    }
}
