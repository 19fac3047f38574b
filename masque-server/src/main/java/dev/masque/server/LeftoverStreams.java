package dev.masque.server;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.server.dial.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Streams that were answered in full, and that the client has not ended: it gets a while, then a reset. Thread-safe. */
final class LeftoverStreams {
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

    private final Map<ByteStream, Long> since = new ConcurrentHashMap<>();
    private final Timer timer;

    LeftoverStreams(Timer timer) {
        this.timer = timer;
    }

    void add(ByteStream stream) {
        since.put(stream, timer.nanoTime());
    }

    void remove(ByteStream stream) {
        since.remove(stream);
    }

    void sweep() {
        long now = timer.nanoTime();
        since.forEach((stream, answered) -> {
            if (now - answered > PATIENCE) {
                since.remove(stream);
                stream.reset(ResetReason.NO_ERROR); // RFC 9113, 8.1: nothing more is needed
            }
        });
    }
}
