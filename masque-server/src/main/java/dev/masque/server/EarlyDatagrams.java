package dev.masque.server;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Datagrams that came before the tunnel stood, RFC 9298, 3.1: some are kept, the rest dropped. Confined to one thread. */
final class EarlyDatagrams {
    private static final int MOST = 16;
    private static final int MOST_BYTES = 32 << 10;

    private final Queue<ByteBuffer> kept = new ArrayDeque<>(2);
    private int bytes;

    void add(ByteBuffer payload) {
        if (kept.size() < MOST && bytes + payload.remaining() <= MOST_BYTES) {
            bytes += payload.remaining();
            kept.add(ByteBuffer.allocate(payload.remaining()).put(payload).flip());
        }
    }

    void drainTo(Consumer<? super ByteBuffer> relay) {
        for (ByteBuffer payload = kept.poll(); payload != null; payload = kept.poll()) {
            relay.accept(payload);
        }
    }
}
