package dev.masque.client;

import dev.masque.client.event.TunnelOpened;
import dev.masque.client.pool.PooledSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request for a tunnel until it is answered; after that what arrives goes to the tunnel. Its callbacks come on the stream's
 * executor.
 */
final class Exchange implements StreamHandler {
    private static final int MAX_REFUSAL_BODY = 64 << 10;

    private final HttpStream stream;
    private final PooledSession session;
    private final Bridge bridge;
    private final Ending ending;
    private final CompletableFuture<ResponseHead> answer = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    @Nullable private volatile TunnelOpened opened;

    private State state = State.WAITING;
    private int discarded;

    private enum State {
        WAITING,
        OPEN,
        REFUSED
    }

    /** Takes the end of the stream. */
    interface Ending {
        void over(Exchange exchange, @Nullable StreamFailure failure);
    }

    Exchange(HttpStream stream, PooledSession session, Bridge bridge, Ending ending) {
        this.stream = stream;
        this.session = session;
        this.bridge = bridge;
        this.ending = ending;
    }

    /** Completes with the final response, whatever its status; fails with {@link UnansweredException}. */
    CompletableFuture<ResponseHead> answer() {
        return answer;
    }

    /** Completes when the stream is over, in whatever way. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** Remembers the event, so that there is one for the end. */
    void opened(TunnelOpened event) {
        opened = event;
    }

    Optional<TunnelOpened> openedAs() {
        return Optional.ofNullable(opened);
    }

    HttpStream stream() {
        return stream;
    }

    Bridge bridge() {
        return bridge;
    }

    @Override
    public void response(ResponseHead head) {
        session.heard();
        if (head.isInformational() || state != State.WAITING) {
            return;
        }
        session.answered();
        if (head.isSuccess() && stream.request().usesCapsules() && !mayUseCapsules(head)) {
            stream.reset(ResetReason.MALFORMED);
            return;
        }
        if (head.isSuccess()) {
            state = State.OPEN;
            bridge.accepted();
        } else {
            state = State.REFUSED;
            stream.end(); // not a reset: many of those look like an attack to a peer
            stream.resume();
        }
        answer.complete(head);
    }

    /** RFC 9297, 3.4: what a message with capsules must not have. */
    private static boolean mayUseCapsules(ResponseHead head) {
        int status = head.status();
        return status != 204
                && status != 205
                && status != 206
                && !head.fields().contains("content-length")
                && !head.fields().contains("content-type")
                && !head.fields().contains("transfer-encoding");
    }

    @Override
    public void data(ByteBuffer data) {
        session.heard();
        if (state == State.OPEN) {
            bridge.data(data);
            return;
        }
        discarded += data.remaining();
        if (discarded > MAX_REFUSAL_BODY) {
            stream.reset(ResetReason.CANCEL);
        }
    }

    @Override
    public void dataComplete() {
        if (state == State.OPEN) {
            bridge.dataComplete();
        }
    }

    @Override
    public void datagram(ByteBuffer payload) {
        session.heard();
        if (state != State.REFUSED) {
            bridge.datagram(payload); // RFC 9298, 5: may overtake the response
        }
    }

    @Override
    public void end() {
        session.heard();
        if (state == State.OPEN) {
            bridge.end();
        } else if (state == State.WAITING) {
            stream.reset(ResetReason.MALFORMED);
        }
    }

    @Override
    public void writable() {
        if (state == State.OPEN) {
            bridge.writable();
        }
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        bridge.closed(failure);
        ending.over(this, failure);
        over.complete(null);
        if (state == State.WAITING) {
            answer.completeExceptionally(new UnansweredException(failure));
        }
    }
}
