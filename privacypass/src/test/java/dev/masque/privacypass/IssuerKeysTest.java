package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerKeysTest {
    private static final TokenType TYPE = TokenType.VOPRF_RISTRETTO255; // quick to draw
    private static final KeySchedule SCHEDULE =
            new KeySchedule(Duration.ofHours(10), Duration.ofHours(2), Duration.ofHours(1), Duration.ofHours(5));

    @TempDir
    Path directory;

    private final SpentTokensTest.MovingClock clock = new SpentTokensTest.MovingClock();

    private IssuerKeys open() throws IOException {
        return IssuerKeys.builder()
                .types(TYPE)
                .schedule(SCHEDULE)
                .directory(directory)
                .clock(clock)
                .rotatedByCaller()
                .open();
    }

    private void pass(Duration time, IssuerKeys keys) throws IOException {
        clock.advance(time);
        keys.rotate();
    }

    @Test
    void keysFollowEachOtherWithOverlap() throws Exception {
        IssuerKeys keys = open();
        TokenKey first = keys.current(TYPE).orElseThrow();
        assertThat(keys.list()).hasSize(1);

        pass(Duration.ofHours(8), keys); // the next is announced
        TokenKey second = keys.list().get(0).tokenKey();
        assertThat(keys.list()).hasSize(2);
        assertThat(second).isNotEqualTo(first);
        assertThat(keys.current(TYPE)).contains(first);
        assertThat(keys.signing(TYPE, second.truncatedId())).isEmpty();
        assertThat(directoryKey(keys)).isEqualTo(first);

        pass(Duration.ofHours(2), keys); // the next signs, the first one too
        assertThat(keys.current(TYPE)).contains(second);
        assertThat(directoryKey(keys)).isEqualTo(second);
        assertThat(keys.signing(TYPE, first.truncatedId())).isPresent();

        pass(Duration.ofHours(1), keys); // the first one signs no more, and its tokens count
        assertThat(keys.signing(TYPE, first.truncatedId())).isEmpty();
        assertThat(keys.find(TYPE, first.id())).isPresent();

        clock.advance(Duration.ofHours(5)); // its tokens count no more, without anyone looking
        assertThat(keys.find(TYPE, first.id())).isEmpty();
        keys.rotate();
        assertThat(files()).hasSize(1);
        assertThat(keys.find(TYPE, second.id())).isPresent();
    }

    private TokenKey directoryKey(IssuerKeys keys) {
        return IssuerDirectory.of(java.net.URI.create("/request"), keys)
                .current(TYPE, clock.instant())
                .orElseThrow();
    }

    @Test
    void keysAreThereAgainAfterARestart() throws Exception {
        IssuerKeys before = open();
        Token token = token(before);

        IssuerKeys after = open();

        assertThat(after.list())
                .extracting(IssuerKey::tokenKey)
                .isEqualTo(before.list().stream().map(IssuerKey::tokenKey).toList());
        assertThat(after.find(TYPE, token.keyId()).orElseThrow().verify(token)).isTrue();
    }

    private static Token token(IssuerKeys keys) throws PrivacyPassException {
        PendingToken pending = TokenClient.request(
                TokenChallenge.of(TYPE, "issuer.example"), keys.current(TYPE).orElseThrow());
        return pending.finish(TokenIssuer.of(keys).issue(pending.request()));
    }

    @Test
    void afterALongStandstillThereIsAKeyAtOnce() throws Exception {
        TokenKey old = open().current(TYPE).orElseThrow();
        clock.advance(Duration.ofDays(30));

        assertThat(open().current(TYPE)).isPresent().get().isNotEqualTo(old);
        assertThat(files()).hasSize(1);
    }

    @Test
    void filesAreForTheirOwnerAlone() throws Exception {
        open();

        assertThat(files()).singleElement().satisfies(file -> {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(file)).contains("Token-Type: 0x0005", "-----BEGIN PRIVATE KEY-----");
        });
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void noTwoKeysShareTheByteThatRequestsCarry() throws Exception {
        IssuerKeys keys = IssuerKeys.builder()
                .types(TYPE)
                .schedule(new KeySchedule(
                        Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(10), Duration.ofHours(100)))
                .clock(clock)
                .rotatedByCaller()
                .open();
        for (int i = 0; i < 120; i++) {
            pass(Duration.ofHours(1), keys);
        }

        Set<Integer> bytes = new HashSet<>();
        for (IssuerKey key : keys.list()) {
            assertThat(bytes.add(key.tokenKey().truncatedId())).isTrue();
        }
        assertThat(bytes).hasSizeGreaterThan(100);
    }

    @Test
    void everyTypeIsStoredAndRead() throws Exception {
        for (TokenType type : RolesTest.types()) {
            IssuerKey key = TestKeys.of(type);
            IssuerKey read = KeyFile.parse(KeyFile.format(key));
            assertThat(read.tokenKey()).isEqualTo(key.tokenKey());
            assertThat(read.half().encoded()).isEqualTo(key.half().encoded());
            assertThat(read.expires()).isEqualTo(key.expires());
            assertThat(key.toString()).doesNotContain(key.tokenKey().encoded().toString());
        }
    }

    @Test
    void filesThatAreNoKeysAreTold() throws Exception {
        for (String content : new String[] {
            "", "Token-Type: 0x0005", KeyFile.format(TestKeys.of(TYPE)).replace("0x0005", "0x0001"), "Token-Type: x"
        }) {
            Files.writeString(directory.resolve("bad.pem"), content);
            assertThatExceptionOfType(IOException.class).isThrownBy(this::open).withMessageContaining("bad.pem");
        }
    }

    @Test
    void keysThatCannotBeStoredAreNotUsed() throws Exception {
        IssuerKeys keys = open();
        TokenKey current = keys.current(TYPE).orElseThrow();
        Files.delete(files().get(0));
        Files.delete(directory);

        clock.advance(Duration.ofHours(8));

        assertThatExceptionOfType(IOException.class).isThrownBy(keys::rotate);
        assertThat(keys.list()).hasSize(1);
        assertThat(keys.current(TYPE)).contains(current);
    }

    @Test
    void schedulesMakeSense() {
        Duration hour = Duration.ofHours(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeySchedule(Duration.ZERO, Duration.ZERO, hour, hour));
        assertThatIllegalArgumentException().isThrownBy(() -> new KeySchedule(hour, hour.plusHours(1), hour, hour));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IssuerKey.generate(TYPE, Instant.MAX, Instant.EPOCH, Instant.MAX));
    }
}
