package dev.masque.bench;

import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The client's end of a tunnel: counts what comes. For one thread, except for what says otherwise. */
class Tunnel implements StreamHandler {
    private final CompletableFuture<Void> established = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile long received;

    /** Completes when the proxy has accepted. For any thread. */
    final CompletableFuture<Void> established() {
        return established;
    }

    /** It stands without an answer of a proxy. */
    final void stand() {
        established.complete(null);
    }

    /** Completes when the peer has ended its direction; fails if the tunnel failed. For any thread. */
    final CompletableFuture<Void> ended() {
        return ended;
    }

    /** Completes when all is over, in whatever way. For any thread. */
    final CompletableFuture<Void> closed() {
        return closed;
    }

    /** How many bytes have come. For any thread. */
    final long received() {
        return received;
    }

    @Override
    public void response(ResponseHead head) {
        if (head.isSuccess()) {
            established.complete(null);
        } else if (!head.isInformational()) {
            established.completeExceptionally(new IOException("the proxy says " + head.status()));
        }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void data(ByteBuffer data) {
        received += data.remaining();
    }

    @Override
    public void end() {
        ended.complete(null);
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        IOException problem =
                failure == null ? new IOException("closed") : new IOException("failed: " + failure, failure.cause());
        established.completeExceptionally(problem);
        ended.completeExceptionally(problem);
        closed.complete(null);
    }

    /** The reason for giving up a tunnel that has served its purpose. */
    static final ResetReason DONE = ResetReason.CANCEL;
}
