package dev.masque.client;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** What goes into a TCP tunnel; sent by each call, nothing waits for a flush. Thread-safe. */
final class TunnelOutput extends OutputStream {
    private final TcpTunnel tunnel;
    private final TcpBridge bridge;

    TunnelOutput(TcpTunnel tunnel, TcpBridge bridge) {
        this.tunnel = tunnel;
        this.bridge = bridge;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        bridge.write(bytes, offset, length);
    }

    @Override
    public void close() {
        tunnel.close();
    }
}
