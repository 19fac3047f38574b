package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpentTokensTest {
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
    private static final Bytes KEY = Bytes.copyOf(new byte[32]);

    @Test
    void eachNonceIsSpentOnceUnderAKey() throws Exception {
        SpentTokens spent = SpentTokens.inMemory(100_000);
        Randoms random = new Randoms(1);
        Bytes other = random.bytes(32);

        for (int i = 0; i < 10_000; i++) {
            Bytes nonce = random.bytes(32);
            assertThat(spent.spend(KEY, nonce, LATER)).isTrue();
            assertThat(spent.spend(KEY, nonce, LATER)).isFalse();
            assertThat(spent.spend(other, nonce, LATER)).isTrue();
        }
    }

    @Test
    void tableKeepsExactlyWhatWasAdded() {
        NonceTable table = new NonceTable(new SecureRandom());
        Randoms random = new Randoms(2);
        Set<Bytes> model = new HashSet<>();

        for (int i = 0; i < 50_000; i++) {
            byte[] nonce = new byte[32]; // few different words, so that some are zero
            ByteBuffer.wrap(nonce)
                    .putLong(8 * random.random().nextInt(4), random.random().nextInt(20_000));
            assertThat(table.add(Bytes.copyOf(nonce))).isEqualTo(model.add(Bytes.copyOf(nonce)));
        }
        assertThat(table.size()).isEqualTo(model.size());
    }

    @Test
    void aTokenTakesAtMost64Bytes() throws Exception {
        MemorySpentTokens spent = new MemorySpentTokens(1 << 20, Clock.systemUTC());
        Randoms random = new Randoms(3);

        for (int i = 1; i <= 300_000; i++) {
            spent.spend(KEY, random.bytes(32), LATER);
            if (i >= 20_000 && i % 5_000 == 0) {
                assertThat((double) spent.bytes() / i).isLessThanOrEqualTo(64);
            }
        }
    }

    @Test
    void whenFullNoTokenIsTaken() throws Exception {
        MovingClock clock = new MovingClock();
        MemorySpentTokens spent = new MemorySpentTokens(3, clock);
        Randoms random = new Randoms(4);
        Instant soon = clock.instant().plusSeconds(60);
        for (int i = 0; i < 3; i++) {
            assertThat(spent.spend(KEY, random.bytes(32), soon)).isTrue();
        }

        assertThatExceptionOfType(SpentTokensUnavailableException.class)
                .isThrownBy(() -> spent.spend(KEY, random.bytes(32), soon));
        clock.advance(Duration.ofSeconds(61));
        assertThat(spent.spend(
                        random.bytes(32), random.bytes(32), clock.instant().plusSeconds(60)))
                .isTrue();
        assertThat(spent.size()).isEqualTo(1);
    }

    @Test
    void aKeyThatIsPutOffKeepsItsTokens() throws Exception {
        MovingClock clock = new MovingClock();
        MemorySpentTokens spent = new MemorySpentTokens(100, clock);
        Bytes nonce = new Randoms(5).bytes(32);
        spent.spend(KEY, nonce, clock.instant().plusSeconds(60));
        assertThat(spent.spend(KEY, nonce, clock.instant().plusSeconds(120))).isFalse();

        clock.advance(Duration.ofSeconds(90));
        spent.spend(nonce, nonce, LATER.plusSeconds(1)); // another key: looks for what has expired

        assertThat(spent.spend(KEY, nonce, LATER)).isFalse();
    }

    /** A clock that tests move. */
    static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T00:00:00Z");

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public synchronized Instant instant() {
            return now;
        }

        synchronized void advance(Duration by) {
            now = now.plus(by);
        }
    }
}
