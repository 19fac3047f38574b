package dev.masque.privacypass.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.Extensions;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalletTest {
    private static final TokenChallenge CHALLENGE =
            TokenChallenge.of(TokenType.VOPRF_RISTRETTO255, "issuer.example", "proxy.example");
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

    @TempDir
    Path directory;

    /** Tokens that are good for nothing, as many as one likes. */
    private static final class Mint implements TokenSource {
        private final SplittableRandom random = new SplittableRandom();
        final AtomicInteger calls = new AtomicInteger();
        final CountDownLatch open;
        volatile Instant expires = LATER;

        Mint() {
            this(0);
        }

        Mint(int closed) {
            open = new CountDownLatch(closed);
        }

        @Override
        public Supply fetch(TokenChallenge challenge, int count) throws IOException {
            calls.incrementAndGet();
            try {
                if (!open.await(20, TimeUnit.SECONDS)) {
                    throw new IOException("closed");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            List<Token> tokens = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                tokens.add(new Token(
                        challenge.type(), bytes(32), challenge.digest(), bytes(32), bytes(64), Extensions.NONE));
            }
            return new Supply(tokens, expires);
        }

        private synchronized Bytes bytes(int size) {
            byte[] value = new byte[size];
            random.nextBytes(value);
            return Bytes.copyOf(value);
        }
    }

    @Test
    void manyThreadsNeverGetTheSameToken() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Wallet wallet = Wallet.builder(new Mint()).refill(4, 10).build()) {
            Callable<List<Token>> taker = () -> {
                List<Token> mine = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    mine.add(wallet.take(CHALLENGE, WAIT));
                }
                return mine;
            };
            Set<Token> all = new HashSet<>();
            for (Future<List<Token>> one : threads.invokeAll(Collections.nCopies(8, taker))) {
                all.addAll(one.get(30, TimeUnit.SECONDS));
            }
            assertThat(all).hasSize(400);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void tokensAreThereAheadOfNeed() throws Exception {
        Mint mint = new Mint();
        try (Wallet wallet = Wallet.builder(mint).refill(4, 10).build()) {
            wallet.take(CHALLENGE, WAIT);
            for (int i = 0; i < 5; i++) {
                wallet.take(CHALLENGE, Duration.ZERO); // 10 came, so these need not wait
            }
            assertThat(mint.calls).hasValue(1);
            wallet.take(CHALLENGE, Duration.ZERO); // 3 left: more are got in the background
            for (int i = 0; i < 12; i++) {
                wallet.take(CHALLENGE, WAIT);
            }
        }
    }

    @Test
    void whoWaitsInVainIsToldWhy() throws Exception {
        IOException why = new IOException("the issuer is away");
        TokenSource away = (challenge, count) -> {
            throw why;
        };
        try (Wallet wallet = Wallet.builder(away).build()) {
            assertThatExceptionOfType(NoTokenException.class)
                    .isThrownBy(() -> wallet.take(CHALLENGE, Duration.ofSeconds(1)))
                    .withCause(why);
        }
    }

    @Test
    void afterAFailureItIsTriedAgain() throws Exception {
        Mint mint = new Mint();
        AtomicInteger failures = new AtomicInteger(2);
        TokenSource moody = (challenge, count) -> {
            if (failures.getAndDecrement() > 0) {
                throw new IOException("not now");
            }
            return mint.fetch(challenge, count);
        };
        try (Wallet wallet = Wallet.builder(moody).build()) {
            assertThat(wallet.take(CHALLENGE, WAIT)).isNotNull();
        }
    }

    @Test
    void tokensForAnotherChallengeAreNotKept() throws Exception {
        Mint mint = new Mint();
        TokenSource wrong =
                (challenge, count) -> mint.fetch(TokenChallenge.of(challenge.type(), "another.example"), count);
        try (Wallet wallet = Wallet.builder(wrong).build()) {
            assertThatExceptionOfType(NoTokenException.class)
                    .isThrownBy(() -> wallet.take(CHALLENGE, Duration.ofSeconds(2)))
                    .withStackTraceContaining("no token for the challenge");
        }
    }

    @Test
    void expiredTokensAreNotHandedOut() throws Exception {
        Mint mint = new Mint();
        mint.expires = Instant.EPOCH;
        try (Wallet wallet = Wallet.builder(mint).build()) {
            assertThatExceptionOfType(NoTokenException.class)
                    .isThrownBy(() -> wallet.take(CHALLENGE, Duration.ofSeconds(2)));
            assertThat(wallet.size(CHALLENGE)).isZero();
        }
    }

    @Test
    void closingEndsTheWait() throws Exception {
        Mint mint = new Mint(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Wallet wallet = Wallet.builder(mint).build()) {
            Future<Token> waiting = thread.submit(() -> wallet.take(CHALLENGE, Duration.ofMinutes(5)));
            while (mint.calls.get() == 0) {
                Thread.onSpinWait();
            }
            wallet.close();

            assertThat(waiting).failsWithin(WAIT).withThrowableThat().withCauseInstanceOf(NoTokenException.class);
            assertThatIllegalStateException().isThrownBy(() -> wallet.take(CHALLENGE, WAIT));
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void whatIsLeftIsThereAfterARestartAndOnceOnly() throws Exception {
        Path file = directory.resolve("wallet");
        Token taken;
        try (Wallet wallet =
                Wallet.builder(new Mint()).refill(1, 3).file(file, KEY).build()) {
            taken = wallet.take(CHALLENGE, WAIT);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        TokenSource none = (challenge, count) -> {
            throw new IOException("none");
        };
        Wallet second = Wallet.builder(none).file(file, KEY).build();
        assertThat(file).doesNotExist();
        assertThat(second.size(CHALLENGE)).isEqualTo(2);
        assertThat(second.take(CHALLENGE, Duration.ZERO)).isNotEqualTo(taken);
        try (Wallet afterCrash = Wallet.builder(none).file(file, KEY).build()) {
            assertThat(afterCrash.size(CHALLENGE)).isZero();
        }
        second.close();
    }

    @Test
    void aFileThatIsNoWalletOfOursIsNotTouched() throws Exception {
        Path file = directory.resolve("wallet");
        try (Wallet wallet = Wallet.builder(new Mint()).file(file, KEY).build()) {
            wallet.take(CHALLENGE, WAIT);
        }
        byte[] content = Files.readAllBytes(file);
        SecretKey other = new SecretKeySpec(new byte[16], "AES");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Wallet.builder(new Mint()).file(file, other).build());
        assertThat(file).hasBinaryContent(content);

        content[content.length - 1] ^= 1;
        Files.write(file, content);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Wallet.builder(new Mint()).file(file, KEY).build());
        Files.writeString(file, "something else");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Wallet.builder(new Mint()).file(file, KEY).build());
    }

    @Test
    void originsThatMakeUpChallengesDoNotFillIt() throws Exception {
        try (Wallet wallet = Wallet.builder(new Mint(1)).mostChallenges(2).build()) {
            wallet.prepare(TokenChallenge.of(CHALLENGE.type(), "a.example"));
            wallet.prepare(TokenChallenge.of(CHALLENGE.type(), "b.example"));

            assertThatIllegalStateException()
                    .isThrownBy(() -> wallet.prepare(TokenChallenge.of(CHALLENGE.type(), "c.example")));
        }
    }
}
