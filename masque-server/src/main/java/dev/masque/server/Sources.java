package dev.masque.server;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.thread.Stages;
import dev.masque.server.egress.EgressChoice;
import dev.masque.server.egress.EgressPool;
import dev.masque.server.egress.EgressQuery;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.event.EgressPoolUnavailable;
import dev.masque.server.event.ServerListener;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The addresses that connections to targets come from: of pools, or as the embedder says. Thread-safe. */
final class Sources {
    /** How many pools are tried for one address of the target, if the first cannot be used. */
    private static final int TRIES = 8;

    private static final String REPLACED = "source_addr_not_available: another egress pool was used";

    private final SourceAddressSelector selector;
    private final @Nullable EgressSelector egress;
    private final ServerListener listener;

    /** Dials one address of the target. */
    interface Dial<T> {
        /** The result stops the attempt when it is cancelled. */
        CompletionStage<T> from(@Nullable InetAddress source, boolean anySource);
    }

    Sources(SourceAddressSelector selector, @Nullable EgressSelector egress, ServerListener listener) {
        this.selector = selector;
        this.egress = egress;
        this.listener = listener;
    }

    /**
     * Dials from the address that fits, and from the next one if that is not there.
     *
     * @param either whether the target has addresses of both families
     * @param discard takes what comes after the result was cancelled
     */
    <T> CompletionStage<T> dial(
            SourceQuery query, boolean either, TunnelNotes notes, Dial<T> dial, Consumer<? super T> discard) {
        if (egress != null) {
            Attempts<T> attempts = new Attempts<>(egress, query, either, notes, dial, discard);
            attempts.next(1);
            return attempts.result;
        }
        try {
            return dial.from(checked(query, selector.select(query)), false);
        } catch (NextHopException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static @Nullable InetAddress checked(SourceQuery query, @Nullable InetAddress source)
            throws NextHopException {
        if (source != null && source instanceof Inet6Address != query.destination() instanceof Inet6Address) {
            throw new NextHopException(
                    ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, "source address of the other family", null);
        }
        return source;
    }

    private static boolean isGone(Throwable failure) {
        return Stages.unwrap(failure) instanceof NextHopException hop
                && hop.type() == ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE;
    }

    /** One address of the target, dialled from one pool after the other. Cancelling the result reaches the attempt. */
    private final class Attempts<T> {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final EgressSelector pools;
        private final EgressQuery query;
        private final TunnelNotes notes;
        private final Dial<T> dial;
        private final Consumer<? super T> discard;

        Attempts(
                EgressSelector pools,
                SourceQuery query,
                boolean either,
                TunnelNotes notes,
                Dial<T> dial,
                Consumer<? super T> discard) {
            this.pools = pools;
            this.query = new EgressQuery(
                    query.hint(), query.destination() instanceof Inet6Address, either, query.connection());
            this.notes = notes;
            this.dial = dial;
            this.discard = discard;
        }

        void next(int number) {
            EgressChoice choice;
            try {
                choice = pools.choose(query);
            } catch (NextHopException e) {
                result.completeExceptionally(e);
                return;
            }
            CompletableFuture<T> attempt;
            try {
                attempt = dial.from(choice.address(), pools.anyIp()).toCompletableFuture();
            } catch (RuntimeException e) {
                attempt = CompletableFuture.failedFuture(e);
            }
            follow(attempt, choice, number);
        }

        private void follow(CompletableFuture<T> attempt, EgressChoice choice, int number) {
            attempt.whenComplete((made, failure) -> {
                if (failure == null) {
                    if (!result.complete(made)) {
                        discard.accept(made);
                    }
                } else if (isGone(failure) && choice.pool().isPresent()) {
                    takeOut(choice.pool().get());
                    another(number, failure);
                } else {
                    result.completeExceptionally(failure);
                }
            });
            result.whenComplete((made, failure) -> {
                if (result.isCancelled()) {
                    attempt.cancel(true);
                }
            });
        }

        private void another(int number, Throwable failure) {
            if (number < TRIES && !result.isDone()) {
                notes.add(REPLACED);
                next(number + 1);
            } else {
                result.completeExceptionally(failure);
            }
        }

        private void takeOut(EgressPool pool) {
            if (pools.takeOut(pool)) {
                listener.egressPoolUnavailable(new EgressPoolUnavailable(
                        pool.prefix().toString(), ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, pools.pause()));
            }
        }
    }
}
