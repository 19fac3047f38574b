package dev.masque.server.dial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.Target;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HappyEyeballsTest {
    private static final InetAddress V6 = address("2606:4700::1");
    private static final InetAddress V6B = address("2606:4700::2");
    private static final InetAddress V4 = address("1.1.1.1");
    private static final InetAddress V4B = address("1.1.1.2");

    private final ManualTimer timer = new ManualTimer();
    private final Map<InetAddress, CompletableFuture<String>> attempts = new LinkedHashMap<>();
    private final List<String> discarded = new ArrayList<>();

    private static InetAddress address(String literal) {
        return Target.of(literal, 1).address().orElseThrow();
    }

    private CompletableFuture<String> race(InetAddress... addresses) {
        return HappyEyeballs.race(
                List.of(addresses),
                address -> attempts.computeIfAbsent(address, any -> new CompletableFuture<>()),
                discarded::add,
                HappyEyeballs.ATTEMPT_DELAY,
                timer);
    }

    private CompletableFuture<String> attempt(InetAddress address) {
        return Objects.requireNonNull(attempts.get(address));
    }

    private void fail(InetAddress address, ProxyErrorType type) {
        attempt(address).completeExceptionally(new NextHopException(type, "failed", null));
    }

    @Test
    void familiesTakeTurnsAndIpv6IsFirst() {
        assertThat(AddressOrder.interleave(List.of(V4, V4B, V6, V6B))).containsExactly(V6, V4, V6B, V4B);
        assertThat(AddressOrder.interleave(List.of(V4, V4B))).containsExactly(V4, V4B);
    }

    @Test
    void onlySoManyAddressesAreTried() {
        List<InetAddress> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(address("1.1.1." + i));
        }
        assertThat(AddressOrder.interleave(many)).hasSize(16);
    }

    @Test
    void theSecondAttemptStartsAfterTheDelayAndNotBefore() {
        race(V6, V4);
        timer.advance(Duration.ofMillis(249));
        assertThat(attempts).containsOnlyKeys(V6);
        timer.advance(Duration.ofMillis(1));
        assertThat(attempts).containsOnlyKeys(V6, V4);
    }

    @Test
    void theSecondAttemptStartsAtOnceWhenTheFirstFails() {
        CompletableFuture<String> result = race(V6, V4);
        fail(V6, ProxyErrorType.DESTINATION_IP_UNROUTABLE);
        attempt(V4).complete("v4");
        assertThat(result).isCompletedWithValue("v4");
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void theWinnerCancelsTheOthers() {
        CompletableFuture<String> result = race(V6, V4, V6B);
        timer.advance(Duration.ofMillis(250));
        attempt(V4).complete("v4");
        assertThat(result).isCompletedWithValue("v4");
        assertThat(attempt(V6)).isCancelled();
        assertThat(attempts).doesNotContainKey(V6B);
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void whatStandsAfterAnotherHasWonIsDiscarded() {
        CompletableFuture<String> late = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false; // stands already
            }
        };
        attempts.put(V6, late);
        race(V6, V4);
        timer.advance(Duration.ofMillis(250));
        attempt(V4).complete("v4");
        late.complete("v6");
        assertThat(discarded).containsExactly("v6");
    }

    @Test
    void whenAllFailTheMostTellingFailureCounts() {
        CompletableFuture<String> result = race(V6, V4, V4B);
        fail(V6, ProxyErrorType.DESTINATION_IP_UNROUTABLE);
        fail(V4, ProxyErrorType.CONNECTION_REFUSED);
        assertThat(result).isNotDone();
        fail(V4B, ProxyErrorType.CONNECTION_TIMEOUT);
        assertThat(result)
                .isCompletedExceptionally()
                .satisfies(failed -> assertThat(failed.handle((value, failure) -> failure))
                        .isCompletedWithValueMatching(failure -> failure instanceof NextHopException hop
                                && hop.type() == ProxyErrorType.CONNECTION_REFUSED));
    }

    @Test
    void aFailureWhileAnotherAttemptRunsDoesNotEndTheRace() {
        CompletableFuture<String> result = race(V6, V4);
        timer.advance(Duration.ofMillis(250));
        fail(V4, ProxyErrorType.CONNECTION_REFUSED);
        assertThat(result).isNotDone();
        attempt(V6).complete("v6");
        assertThat(result).isCompletedWithValue("v6");
    }

    @Test
    void cancellingTheRaceCancelsItsAttempts() {
        CompletableFuture<String> result = race(V6, V4, V4B);
        timer.advance(Duration.ofMillis(250));
        result.cancel(true);
        assertThat(attempt(V6)).isCancelled();
        assertThat(attempt(V4)).isCancelled();
        assertThat(attempts).doesNotContainKey(V4B);
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void anAttemptThatThrowsIsAFailure() {
        CompletableFuture<String> result = HappyEyeballs.race(
                List.of(V6, V4),
                address -> {
                    if (address.equals(V6)) {
                        throw new IllegalStateException("broken");
                    }
                    return CompletableFuture.completedFuture("v4");
                },
                discarded::add,
                HappyEyeballs.ATTEMPT_DELAY,
                timer);
        assertThat(result).isCompletedWithValue("v4");
    }
}
