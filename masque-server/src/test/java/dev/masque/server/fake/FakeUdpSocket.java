package dev.masque.server.fake;

import dev.masque.core.Bytes;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A UDP socket whose target is the test. */
public final class FakeUdpSocket implements UdpSocket {
    public final List<Bytes> sent = new ArrayList<>();
    public volatile boolean flushed = true;
    public volatile boolean closed;
    public volatile boolean full;

    private final QueueExecutor executor = new QueueExecutor();

    @Nullable private UdpHandler handler;

    void handler(UdpHandler taken) {
        handler = taken;
    }

    public void arrives(byte... payload) {
        executor.execute(() -> {
            UdpHandler taken = Objects.requireNonNull(handler);
            taken.datagram(ByteBuffer.wrap(payload));
            taken.datagramsComplete();
        });
    }

    public void fails() {
        closed = true;
        executor.execute(() -> Objects.requireNonNull(handler).closed(new IOException("port unreachable")));
    }

    @Override
    public boolean send(ByteBuffer payload) {
        if (full || closed) {
            return false;
        }
        sent.add(Bytes.copyOf(payload));
        flushed = false;
        return true;
    }

    @Override
    public void flush() {
        flushed = true;
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            executor.execute(() -> Objects.requireNonNull(handler).closed(null));
        }
    }
}
