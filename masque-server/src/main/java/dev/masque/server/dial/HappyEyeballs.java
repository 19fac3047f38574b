package dev.masque.server.dial;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.thread.Stages;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers: the next attempt starts when the one before failed or a delay has
 * passed, whichever is first (RFC 8305, section 5). Thread-safe; one object is one race.
 *
 * @param <T> what a successful attempt gives
 */
public final class HappyEyeballs<T> {
    /** The Connection Attempt Delay that RFC 8305, section 8 recommends. */
    public static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

    private final Iterator<InetAddress> addresses;
    private final Function<? super InetAddress, ? extends CompletionStage<T>> attempt;
    private final Consumer<? super T> discard;
    private final Timer timer;

    @Nullable private final Duration delay;

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final List<CompletableFuture<T>> started = new ArrayList<>();
    private Runnable cancelTimer = () -> {};
    private int unfinished;

    @Nullable private Throwable failure;

    private HappyEyeballs(
            List<InetAddress> addresses,
            Function<? super InetAddress, ? extends CompletionStage<T>> attempt,
            Consumer<? super T> discard,
            @Nullable Duration delay,
            Timer timer) {
        this.addresses = addresses.iterator();
        this.attempt = attempt;
        this.discard = discard;
        this.delay = delay;
        this.timer = timer;
    }

    /**
     * Races the addresses.
     *
     * @param <T> what a successful attempt gives
     * @param addresses at least one, in the order of attempts
     * @param attempt starts an attempt, which ends by itself in time; cancelling it stops it
     * @param discard takes what an attempt gives after another has won, or after the race was cancelled
     * @param delay between attempts; null starts the next only when the one before failed
     * @param timer measures the delay
     * @return completes with the winner, or with the failure that says most; cancelling it ends the race
     */
    public static <T> CompletableFuture<T> race(
            List<InetAddress> addresses,
            Function<? super InetAddress, ? extends CompletionStage<T>> attempt,
            Consumer<? super T> discard,
            @Nullable Duration delay,
            Timer timer) {
        HappyEyeballs<T> race = new HappyEyeballs<>(addresses, attempt, discard, delay, timer);
        race.result.whenComplete((winner, problem) -> race.stop());
        race.startNext();
        return race.result;
    }

    private void startNext() {
        InetAddress address = next();
        if (address == null) {
            return;
        }
        CompletableFuture<T> future = start(address);
        synchronized (this) {
            started.add(future);
        }
        future.whenComplete((value, problem) -> {
            if (problem == null) {
                won(value);
            } else {
                lost(problem);
            }
        });
        if (result.isDone()) {
            future.cancel(true);
        }
    }

    /** The address of the next attempt; null if there is none to make. */
    @Nullable private InetAddress next() {
        Throwable last;
        synchronized (this) {
            cancelTimer.run();
            if (result.isDone()) {
                return null;
            }
            if (addresses.hasNext()) {
                InetAddress address = addresses.next();
                unfinished++;
                if (delay != null && addresses.hasNext()) {
                    cancelTimer = timer.after(delay, this::startNext);
                }
                return address;
            }
            last = unfinished == 0 ? failure : null;
        }
        if (last != null) {
            result.completeExceptionally(last);
        }
        return null;
    }

    private CompletableFuture<T> start(InetAddress address) {
        try {
            return attempt.apply(address).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void won(T value) {
        if (!result.complete(value)) {
            discard.accept(value);
        }
    }

    private void lost(Throwable problem) {
        synchronized (this) {
            unfinished--;
            failure = moreTelling(failure, problem);
        }
        startNext();
    }

    private void stop() {
        List<CompletableFuture<T>> rest;
        synchronized (this) {
            cancelTimer.run();
            rest = List.copyOf(started);
        }
        rest.forEach(attempt -> attempt.cancel(true));
    }

    /** That a host without IPv6 has no route says little; that the target refused on IPv4 is what the client asks for. */
    private static Throwable moreTelling(@Nullable Throwable before, Throwable problem) {
        Throwable cause = Stages.unwrap(problem);
        return before == null || weight(cause) > weight(before) ? cause : before;
    }

    private static int weight(Throwable failure) {
        if (!(failure instanceof NextHopException hop)) {
            return 0;
        }
        return hop.type() == ProxyErrorType.DESTINATION_IP_UNROUTABLE
                ? 1
                : hop.type() == ProxyErrorType.CONNECTION_REFUSED ? 3 : 2;
    }
}
