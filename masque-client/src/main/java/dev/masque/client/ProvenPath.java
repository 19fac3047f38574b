package dev.masque.client;

import dev.masque.client.pool.Timer;
import dev.masque.core.spi.UdpSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Waits a moment until it is known how much a UDP tunnel between two hops carries: over HTTP/3 that is tried out while the
 * tunnel opens, and a QUIC connection inside has to say at its beginning what it takes. Stateless.
 */
final class ProvenPath {
    /** What transports take for granted, RFC 9000, 14.1; more has been tried. */
    private static final int LIKELY = 1_280;

    private static final Duration STEP = Duration.ofMillis(2);
    private static final long SHORTEST_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LONGEST_NANOS = Duration.ofMillis(300).toNanos();

    private ProvenPath() {}

    /**
     * The tunnel, at once or a little later.
     *
     * @param opening to be cancelled with what is returned
     */
    static CompletableFuture<UdpSocket> of(CompletableFuture<UdpSocket> opening, Timer timer) {
        CompletableFuture<UdpSocket> result = new CompletableFuture<>();
        long began = System.nanoTime();
        result.whenComplete((socket, failure) -> {
            if (failure != null) {
                opening.cancel(true);
            }
        });
        opening.whenComplete((socket, failure) -> {
            if (socket == null) {
                result.completeExceptionally(Objects.requireNonNull(failure));
            } else { // about as long again as the request took, which saw the proxy and came back
                long now = System.nanoTime();
                long wait = Math.min(LONGEST_NANOS, Math.max(SHORTEST_NANOS, now - began));
                await(socket, now + wait, timer, result);
            }
        });
        return result;
    }

    private static void await(UdpSocket socket, long deadline, Timer timer, CompletableFuture<UdpSocket> result) {
        if (socket.maxPayload() <= LIKELY && System.nanoTime() - deadline < 0 && !result.isDone()) {
            timer.after(STEP, () -> await(socket, deadline, timer, result));
        } else if (!result.complete(socket)) {
            socket.close();
        }
    }
}
