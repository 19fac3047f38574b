package dev.masque.core.memory;

import dev.masque.core.spi.UdpHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps what a socket's handler is told; datagrams of four bytes as numbers. */
final class UdpRecorder implements UdpHandler {
    final List<Integer> datagrams = new CopyOnWriteArrayList<>();
    final CompletableFuture<@Nullable IOException> closed = new CompletableFuture<>();
    volatile int batches;

    @Override
    public void datagram(ByteBuffer payload) {
        datagrams.add(payload.remaining() == Integer.BYTES ? payload.getInt() : -payload.remaining());
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one call at a time
    public void datagramsComplete() {
        batches++;
    }

    @Override
    public void closed(@Nullable IOException failure) {
        if (!closed.complete(failure)) {
            throw new AssertionError("closed twice");
        }
    }
}
