package dev.masque.privacypass.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PendingToken;
import dev.masque.privacypass.SpentTokenException;
import dev.masque.privacypass.SpentTokensUnavailableException;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** Spent tokens in a redis-server that is real. */
@Timeout(120)
class RedisSpentTokensIT {
    private static final int THREADS = 64;
    private static final Duration HOUR = Duration.ofHours(1);

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    private Bytes bytes() {
        byte[] value = new byte[32];
        random.nextBytes(value);
        return Bytes.copyOf(value);
    }

    private static Instant inAnHour() {
        return Instant.now().plus(HOUR);
    }

    private static RedisSpentTokens connect(RedisServer server) {
        return RedisSpentTokens.builder(server.uri())
                .timeout(Duration.ofSeconds(20)) // the machine may be busy
                .build();
    }

    @Test
    void aTokenIsSpentOnceAmongAllThatShareTheStore() throws Exception {
        try (RedisServer server = RedisServer.start(folder);
                RedisSpentTokens one = connect(server);
                RedisSpentTokens two = connect(server);
                RedisSpentTokens others =
                        RedisSpentTokens.builder(server.uri()).prefix("others:").build()) {
            Bytes key = bytes();
            Bytes nonce = bytes();

            assertThat(one.spend(key, nonce, inAnHour())).isTrue();
            assertThat(one.spend(key, nonce, inAnHour())).isFalse();
            assertThat(two.spend(key, nonce, inAnHour())).isFalse();
            assertThat(two.spend(key, bytes(), inAnHour())).isTrue();
            assertThat(two.spend(bytes(), nonce, inAnHour())).isTrue();
            assertThat(others.spend(key, nonce, inAnHour())).isTrue();
        }
    }

    @Test
    void of64ThreadsAtTwoVerifiersOneWins() throws Exception {
        IssuerKeys keys = IssuerKeys.builder().types(TokenType.VOPRF_P384).open();
        try (keys;
                RedisServer server = RedisServer.start(folder);
                RedisSpentTokens one = connect(server);
                RedisSpentTokens two = connect(server)) {
            List<TokenVerifier> verifiers = List.of(verifier(keys, one), verifier(keys, two));
            PendingToken pending = TokenClient.request(
                    verifiers.get(0).challenges().get(0).challenge(),
                    keys.current(TokenType.VOPRF_P384).orElseThrow());
            Token token = pending.finish(TokenIssuer.of(keys).issue(pending.request()));

            assertThat(redeemAtOnce(verifiers, token)).hasSize(THREADS).containsOnlyOnce(true);
        }
    }

    private static TokenVerifier verifier(IssuerKeys keys, RedisSpentTokens spent) {
        return TokenVerifier.builder()
                .origin("proxy.example")
                .issuer("issuer.example", keys, TokenType.VOPRF_P384)
                .spentTokens(spent)
                .build();
    }

    private static List<Boolean> redeemAtOnce(List<TokenVerifier> verifiers, Token token) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            TokenVerifier verifier = verifiers.get(i % verifiers.size());
            tasks.add(() -> {
                start.await(30, TimeUnit.SECONDS);
                try {
                    verifier.redeem(token);
                    return true;
                } catch (SpentTokenException e) {
                    return false;
                }
            });
        }
        List<Boolean> won = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Boolean> one : threads.invokeAll(tasks)) {
                won.add(one.get(60, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
        return won;
    }

    @Test
    void nothingIsTakenWhileItIsGoneAndNothingForgottenWhenItIsBack() throws Exception {
        try (RedisServer server = RedisServer.start(folder);
                RedisSpentTokens spent = connect(server)) {
            Bytes key = bytes();
            Bytes stopped = bytes();
            Bytes crashed = bytes();
            assertThat(spent.spend(key, stopped, inAnHour())).isTrue();
            server.stop();
            assertThatExceptionOfType(SpentTokensUnavailableException.class)
                    .isThrownBy(() -> spent.spend(key, bytes(), inAnHour()))
                    .withMessageContaining("cannot be reached");
            server.startAgain();
            assertThat(spent.spend(key, stopped, inAnHour())).isFalse();
            assertThat(spent.spend(key, crashed, inAnHour())).isTrue();
            server.kill();
            server.startAgain();
            assertThatExceptionOfType(SpentTokensUnavailableException.class) // the connection of before
                    .isThrownBy(() -> spent.spend(key, crashed, inAnHour()));
            assertThat(spent.spend(key, crashed, inAnHour())).isFalse();
            assertThat(spent.spend(key, bytes(), inAnHour())).isTrue();
        }
    }

    @Test
    void whatSaysNothingIsNotWaitedForForEver() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RedisSpentTokens spent = RedisSpentTokens.builder(
                                URI.create("redis://127.0.0.1:" + silent.getLocalPort()))
                        .timeout(Duration.ofMillis(200))
                        .connections(1)
                        .build()) {
            assertThatExceptionOfType(SpentTokensUnavailableException.class)
                    .isThrownBy(() -> spent.spend(bytes(), bytes(), inAnHour()));
        }
    }

    @Test
    void whatWritesNothingTakesNothing() throws Exception {
        try (RedisServer server = RedisServer.start(folder, "--maxmemory", "1");
                RedisSpentTokens spent = connect(server)) {
            assertThatExceptionOfType(SpentTokensUnavailableException.class)
                    .isThrownBy(() -> spent.spend(bytes(), bytes(), inAnHour()))
                    .withMessageContaining("does not take");
        }
    }

    @Test
    void aTokenIsForgottenWithItsKey() throws Exception {
        try (RedisServer server = RedisServer.start(folder);
                RedisClient redis = RedisClient.create(server.uri());
                RedisSpentTokens spent = connect(server)) {
            assertThat(spent.spend(bytes(), bytes(), inAnHour())).isTrue();
            byte[] name = redis.keys("*".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .iterator()
                    .next();
            assertThat(redis.pttl(name))
                    .isBetween(
                            HOUR.minusMinutes(5).toMillis(), HOUR.plusSeconds(2).toMillis());
            Bytes key = bytes();
            Bytes nonce = bytes();
            assertThat(spent.spend(key, nonce, Instant.now())).isTrue();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (redis.dbSize() > 1 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(redis.dbSize()).isOne();
            assertThat(spent.spend(key, nonce, Instant.MAX)).isTrue();
        }
    }

    @Test
    void thePasswordIsShown() throws Exception {
        try (RedisServer server = RedisServer.start(folder, "--requirepass", "open-sesame");
                RedisSpentTokens none = connect(server);
                RedisSpentTokens wrong =
                        RedisSpentTokens.builder(server.uri()).password("guess").build();
                RedisSpentTokens right = RedisSpentTokens.builder(
                                URI.create("redis://:open-sesame@127.0.0.1:" + server.port() + "/3"))
                        .build()) {
            for (RedisSpentTokens stranger : List.of(none, wrong)) {
                assertThatExceptionOfType(SpentTokensUnavailableException.class)
                        .isThrownBy(() -> stranger.spend(bytes(), bytes(), inAnHour()));
            }
            assertThat(right.spend(bytes(), bytes(), inAnHour())).isTrue();
        }
    }

    @Test
    void overTlsTheServerHasToBeWhomItIsCalled() throws Exception {
        for (String name : List.of("localhost", "elsewhere.example")) {
            TlsFiles files = TlsFiles.create(folder, name);
            try (RedisServer server = RedisServer.start(folder, files.options());
                    RedisSpentTokens trusting = RedisSpentTokens.builder(
                                    URI.create("rediss://localhost:" + server.port()))
                            .sockets(files.trusting())
                            .timeout(Duration.ofSeconds(20))
                            .build();
                    RedisSpentTokens strange = RedisSpentTokens.builder(
                                    URI.create("rediss://localhost:" + server.port()))
                            .build()) {
                if (name.equals("localhost")) {
                    assertThat(trusting.spend(bytes(), bytes(), inAnHour())).isTrue();
                } else {
                    assertThatExceptionOfType(SpentTokensUnavailableException.class)
                            .isThrownBy(() -> trusting.spend(bytes(), bytes(), inAnHour()));
                }
                assertThatExceptionOfType(SpentTokensUnavailableException.class)
                        .isThrownBy(() -> strange.spend(bytes(), bytes(), inAnHour()));
            }
        }
    }
}
