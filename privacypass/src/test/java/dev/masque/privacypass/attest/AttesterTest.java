package dev.masque.privacypass.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.RequestKind;
import dev.masque.privacypass.TestKeys;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttesterTest {
    private static final TokenType TYPE = TokenType.VOPRF_RISTRETTO255;
    private static final IssuerKeys KEYS = TestKeys.keys(TYPE);

    @TempDir
    Path directory;

    private static Evidence authorization(String value) {
        return new Evidence(Map.of("authorization", List.of(value)), List.of());
    }

    private static Evidence basic(String pair) {
        return authorization("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private static Bytes request(int count) throws PrivacyPassException {
        return TokenClient.amortized(
                        TokenChallenge.of(TYPE, "issuer.example"),
                        KEYS.current(TYPE).orElseThrow(),
                        count)
                .request()
                .encode();
    }

    private static void status(int status, Attester attester, Evidence evidence, Bytes request) {
        assertThatExceptionOfType(IssuanceException.class)
                .isThrownBy(() -> attester.relay(evidence, RequestKind.AMORTIZED_BATCH, request))
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void clientsThatAreKnownGetTokensAndOthersDoNot() throws Exception {
        Attester attester = Attester.builder()
                .method(MutualTls.bySubject())
                .method(Bearer.of(Map.of("secret", "alice")))
                .issuer(TokenIssuer.of(KEYS))
                .build();

        assertThat(attester.relay(authorization("bearer secret"), RequestKind.AMORTIZED_BATCH, request(2))
                        .complete())
                .isTrue();
        status(401, attester, authorization("Bearer other"), request(2));
        status(401, attester, authorization("Basic secret"), request(2));
        status(401, attester, new Evidence(Map.of(), List.of()), request(2));
        assertThat(attester.challenges()).containsExactly("Bearer");
    }

    @Test
    void eachClientHasItsQuota() throws Exception {
        MovingMillis clock = new MovingMillis();
        Attester attester = Attester.builder()
                .method(Bearer.of(Map.of("a", "alice", "a2", "alice", "b", "bob")))
                .issuer(TokenIssuer.of(KEYS))
                .quota(Quota.of(4, Duration.ofMinutes(4)).withClock(clock))
                .build();

        attester.relay(authorization("Bearer a"), RequestKind.AMORTIZED_BATCH, request(3));
        status(429, attester, authorization("Bearer a2"), request(2));
        attester.relay(authorization("Bearer a2"), RequestKind.AMORTIZED_BATCH, request(1));
        attester.relay(authorization("Bearer b"), RequestKind.AMORTIZED_BATCH, request(4));
        clock.millis += 60_000;
        status(429, attester, authorization("Bearer a"), request(2));
        attester.relay(authorization("Bearer a"), RequestKind.AMORTIZED_BATCH, request(1));
    }

    @Test
    void whatIsNotIssuedDoesNotCount() throws Exception {
        List<Bytes> seen = new ArrayList<>();
        Attester attester = Attester.builder()
                .method(evidence -> Optional.of("anyone"))
                .issuer((kind, request) -> {
                    seen.add(request);
                    throw new IOException("away");
                })
                .quota(Quota.of(2, Duration.ofDays(1)))
                .batchLimit(2)
                .build();
        Bytes request = request(2);

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> attester.relay(authorization("x"), RequestKind.AMORTIZED_BATCH, request));
        }

        assertThat(seen).containsExactly(request, request, request); // the issuer gets the request and nothing else
        status(422, attester, authorization("x"), request(3));
        status(422, attester, authorization("x"), Bytes.copyOf(new byte[] {0, 1}));
    }

    @Test
    void passwordsAreChecked() throws Exception {
        Path file = directory.resolve("passwords");
        String bcrypt = org.bouncycastle.crypto.generators.OpenBSDBCrypt.generate(
                "2y", "correct horse".toCharArray(), new byte[16], 4);
        // from the reference implementation's tests: argon2id, 2 passes, 64 MiB, 1 lane, "password", "somesalt"
        String argon2 = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        Files.writeString(file, "# accounts\n\nalice:" + bcrypt + "\nbob:" + argon2 + "\n");
        Basic basic = Basic.of(file);

        assertThat(basic.attest(basic("alice:correct horse"))).contains("alice");
        assertThat(basic.attest(basic("bob:password"))).contains("bob");
        assertThat(basic.attest(basic("bob:correct horse"))).isEmpty();
        assertThat(basic.attest(basic("alice:password"))).isEmpty();
        assertThat(basic.attest(basic("carol:password"))).isEmpty();
        assertThat(basic.attest(basic("alice"))).isEmpty();
        assertThat(basic.attest(authorization("Basic *"))).isEmpty();

        Files.writeString(file, "carol:" + argon2 + "\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        assertThat(basic.attest(basic("carol:password"))).contains("carol");
        assertThat(basic.attest(basic("alice:correct horse"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice:password",
                "alice",
                "alice:$2y$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuuabcdefghijk12345",
                "alice:$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "alice:$argon2id$v=19$m=1,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
            })
    void linesThatAreNoHashesAreTold(String line) throws Exception {
        Path file = directory.resolve("passwords");
        Files.writeString(file, "# one\n" + line + "\n");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Basic.of(file))
                .withMessageContaining("line 2");
    }

    /** A clock that tests move. */
    private static final class MovingMillis extends java.time.Clock {
        long millis;

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public java.time.Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public java.time.Instant instant() {
            return java.time.Instant.ofEpochMilli(millis);
        }
    }
}
