package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConcurrentRedemptionTest {
    private static final int THREADS = 64;

    static TokenType[] types() {
        return RolesTest.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void oneOf64ThreadsGetsTheToken(TokenType type) throws Exception {
        IssuerKeys keys = TestKeys.keys(type);
        TokenVerifier verifier = TokenVerifier.builder()
                .origin("proxy.example")
                .issuer("issuer.example", keys, type)
                .spentTokens(SpentTokens.inMemory(1000))
                .build();
        PendingToken pending = TokenClient.request(
                verifier.challenges().get(0).challenge(), keys.current(type).orElseThrow());
        Token token = pending.finish(TokenIssuer.of(keys).issue(pending.request()));
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<Boolean> redeem = () -> {
            start.await(30, TimeUnit.SECONDS);
            try {
                verifier.redeem(token);
                return true;
            } catch (SpentTokenException e) {
                return false;
            }
        };

        List<Boolean> won = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Boolean> one : threads.invokeAll(java.util.Collections.nCopies(THREADS, redeem))) {
                won.add(one.get(30, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(won).hasSize(THREADS).containsOnlyOnce(true);
    }
}
