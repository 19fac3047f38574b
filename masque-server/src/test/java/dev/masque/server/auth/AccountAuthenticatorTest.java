package dev.masque.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyAuthorization;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionInfo;
import dev.masque.privacypass.attest.AttestationMethod;
import dev.masque.privacypass.attest.Bearer;
import dev.masque.privacypass.attest.Evidence;
import dev.masque.server.auth.AuthenticationResult.Absent;
import dev.masque.server.auth.AuthenticationResult.Accepted;
import dev.masque.server.auth.AuthenticationResult.Rejected;
import dev.masque.server.auth.AuthenticationResult.Unavailable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Accounts with Basic and Bearer through the interface of the attester. */
class AccountAuthenticatorTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final String ALICE =
            Base64.getEncoder().encodeToString("alice:horse".getBytes(StandardCharsets.UTF_8));
    private static final Accepted AS_ALICE = new Accepted(new Principal("account", "alice"));

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong time = new AtomicLong();

    /** One account, whose file can be broken. */
    private final AttestationMethod passwords = new AttestationMethod() {
        @Override
        public Optional<String> attest(Evidence evidence) {
            asked.incrementAndGet();
            if (evidence.credentials("Basic").filter("broken"::equals).isPresent()) {
                throw new IllegalStateException("the file is gone");
            }
            return evidence.credentials("Basic").filter(ALICE::equals).map(good -> "alice");
        }

        @Override
        public Optional<String> challenge() {
            return Optional.of("Basic realm=\"attester\", charset=\"UTF-8\"");
        }
    };

    private final AccountAuthenticator authenticator = new AccountAuthenticator(passwords, Runnable::run, time::get);

    private static AuthenticationRequest request(long connection, String... credentials) {
        SessionInfo session =
                new SessionInfo("memory", HttpVersion.HTTP_2, null, null, List.of(), ADDRESS, ADDRESS, Duration.ZERO);
        List<ProxyAuthorization> parsed = List.of(credentials).stream()
                .flatMap(line -> ProxyAuthorization.parse(line).stream())
                .toList();
        return new AuthenticationRequest(
                connection, session, RequestHead.connect("example.com:443", HeaderFields.of()), parsed);
    }

    private static AuthenticationResult now(CompletionStage<AuthenticationResult> stage) {
        return stage.toCompletableFuture().getNow(new Absent());
    }

    private AuthenticationResult check(long connection, String... credentials) {
        return now(authenticator.authenticate(request(connection, credentials)));
    }

    @Test
    void aGoodPasswordIsCheckedOnceInAWhileOnItsConnection() {
        assertThat(check(1, "Basic " + ALICE)).isEqualTo(AS_ALICE);
        assertThat(check(1, "basic " + ALICE)).isEqualTo(AS_ALICE);
        assertThat(asked).hasValue(1);

        assertThat(check(2, "Basic " + ALICE)).isEqualTo(AS_ALICE);
        assertThat(asked).hasValue(2);

        time.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(check(1, "Basic " + ALICE)).isEqualTo(AS_ALICE);
        assertThat(asked).hasValue(3);
    }

    @Test
    void aWrongPasswordIsRefusedEachTime() {
        assertThat(check(1, "Basic d3Jvbmc6d3Jvbmc=")).isInstanceOf(Rejected.class);
        assertThat(check(1, "Basic d3Jvbmc6d3Jvbmc=")).isInstanceOf(Rejected.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void credentialsOfOtherKindsAreForOthers() {
        assertThat(check(1)).isInstanceOf(Absent.class);
        assertThat(check(1, "Preshared key")).isInstanceOf(Absent.class);
        assertThat(asked).hasValue(0);
    }

    @Test
    void aSecretOfAnAccountIsAsGood() {
        AccountAuthenticator bearer =
                new AccountAuthenticator(Bearer.of(Map.of("secret", "bob")), Runnable::run, time::get);

        assertThat(now(bearer.authenticate(request(1, "Bearer secret"))))
                .isEqualTo(new Accepted(new Principal("account", "bob")));
        assertThat(now(bearer.authenticate(request(1, "Bearer other")))).isInstanceOf(Rejected.class);
        assertThat(bearer.challenge(request(1))).hasValue("Bearer");
    }

    @Test
    void accountsThatCannotBeReadAreToldAsSuch() {
        assertThat(check(1, "Basic broken")).isInstanceOf(Unavailable.class);
    }

    @Test
    void theChallengeHasTheRealmOfTheProxy() {
        assertThat(authenticator.challenge(request(1))).hasValue("Basic realm=\"proxy\", charset=\"UTF-8\"");
    }

    @Test
    void whoeverGuessesOnOneConnectionLeavesRoomForOthers() {
        List<Runnable> waiting = new ArrayList<>();
        AccountAuthenticator busy = new AccountAuthenticator(passwords, waiting::add, time::get);
        for (int i = 0; i < 4; i++) {
            assertThat(busy.authenticate(request(1, "Basic " + i)).toCompletableFuture())
                    .isNotDone();
        }

        assertThat(now(busy.authenticate(request(1, "Basic x")))).isInstanceOf(Unavailable.class);
        assertThat(busy.authenticate(request(2, "Basic " + ALICE)).toCompletableFuture())
                .isNotDone();
        waiting.forEach(Runnable::run);

        assertThat(busy.authenticate(request(1, "Basic x")).toCompletableFuture())
                .isNotDone();
    }

    @Test
    void whatIsTooMuchIsPutOff() {
        AccountAuthenticator full = new AccountAuthenticator(
                passwords,
                task -> {
                    throw new RejectedExecutionException();
                },
                time::get);

        for (int i = 0; i < 10; i++) {
            assertThat(now(full.authenticate(request(1, "Basic " + ALICE)))).isInstanceOf(Unavailable.class);
        }
    }
}
