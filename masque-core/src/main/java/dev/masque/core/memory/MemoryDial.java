package dev.masque.core.memory;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.DialOptions;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A relay's attempt to reach a target of a {@link MemoryNetwork}. The target answers with {@link #accept} or {@link #fail},
 * now or later; without an answer the attempt ends with {@link ProxyErrorType#CONNECTION_TIMEOUT} after its time-out.
 * Thread-safe.
 *
 * @param <S> an end of what is made: {@link dev.masque.core.spi.ByteStream} or {@link dev.masque.core.spi.UdpSocket}
 * @param <H> takes what arrives at that end
 */
public final class MemoryDial<S, H> {
    private final InetSocketAddress from;
    private final InetSocketAddress target;
    private final DialOptions options;
    private final Serial executor;
    private final Link<S, H> link;
    private final Function<? super S, ? extends H> relay;
    private final CompletableFuture<S> result = new CompletableFuture<>();
    private final AtomicBoolean answered = new AtomicBoolean();

    /** What the ends of TCP and UDP have in common. */
    interface Link<S, H> {
        S relay();

        S target();

        void startTarget(Function<? super S, ? extends H> made);

        /** On the relay's executor. */
        void startRelay(Function<? super S, ? extends H> made);

        /** Ends both ends. */
        void drop();
    }

    MemoryDial(
            InetSocketAddress from,
            InetSocketAddress target,
            DialOptions options,
            Serial executor,
            Link<S, H> link,
            Function<? super S, ? extends H> relay) {
        this.from = from;
        this.target = target;
        this.options = options;
        this.executor = executor;
        this.link = link;
        this.relay = relay;
    }

    /**
     * Who asks.
     *
     * @return the relay's end: its source address, or a loopback address if it chose none
     */
    public InetSocketAddress from() {
        return from;
    }

    /**
     * Who is asked.
     *
     * @return the address and port that the relay dialled
     */
    public InetSocketAddress target() {
        return target;
    }

    /**
     * How the relay dials.
     *
     * @return what it gave to the network
     */
    public DialOptions options() {
        return options;
    }

    /**
     * Whether somebody still waits for the answer.
     *
     * @return false once it is answered, cancelled by the relay, or timed out
     */
    public boolean isOpen() {
        return !answered.get() && !result.isDone();
    }

    /**
     * Makes the connection or association. If the relay has given up, the target's end is over at once.
     *
     * @param handler makes the handler of the target's end; called once
     * @return the target's end; a stream is paused, a socket receives at once
     * @throws IllegalStateException if it was answered before
     */
    public S accept(Function<? super S, ? extends H> handler) {
        Objects.requireNonNull(handler, "handler");
        answer();
        try {
            link.startTarget(handler);
        } catch (RuntimeException e) {
            abandon(ProxyErrorType.PROXY_INTERNAL_ERROR, "the target failed", e);
            link.drop();
            throw e;
        }
        executor.run(this::connected);
        return link.target();
    }

    private void connected() {
        if (!result.isDone()) {
            try {
                link.startRelay(relay);
            } catch (RuntimeException e) {
                abandon(ProxyErrorType.PROXY_INTERNAL_ERROR, "a handler failed", e);
            }
        }
        if (!result.complete(link.relay())) {
            link.drop();
        }
    }

    /**
     * Refuses, in whatever way.
     *
     * @param failure what the relay's network reports, such as {@link ProxyErrorType#CONNECTION_REFUSED} or
     *     {@link ProxyErrorType#DESTINATION_IP_UNROUTABLE}
     * @throws IllegalStateException if it was answered before
     */
    public void fail(NextHopException failure) {
        Objects.requireNonNull(failure, "failure");
        answer();
        result.completeExceptionally(failure);
    }

    void refuse() {
        fail(new NextHopException(ProxyErrorType.CONNECTION_REFUSED, "connection refused", null));
    }

    /** Ends the wait, whether it was answered or not. */
    void abandon(ProxyErrorType type, String message, @Nullable Throwable cause) {
        result.completeExceptionally(new NextHopException(type, message, cause));
    }

    CompletableFuture<S> result() {
        return result;
    }

    private void answer() {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("answered before");
        }
    }
}
