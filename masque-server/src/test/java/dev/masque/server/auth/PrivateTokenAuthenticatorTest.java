package dev.masque.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyAuthorization;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionInfo;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PendingToken;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.SpentTokensUnavailableException;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.server.auth.AuthenticationResult.Absent;
import dev.masque.server.auth.AuthenticationResult.Accepted;
import dev.masque.server.auth.AuthenticationResult.Rejected;
import dev.masque.server.auth.AuthenticationResult.Unavailable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateTokenAuthenticatorTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final IssuerKeys keys;
    private SpentTokens spent = SpentTokens.inMemory(1000);
    private final TokenVerifier verifier;

    PrivateTokenAuthenticatorTest() throws Exception {
        keys = IssuerKeys.builder()
                .types(TokenType.VOPRF_P384)
                .rotatedByCaller()
                .open();
        verifier = TokenVerifier.builder()
                .origin("proxy.example")
                .issuer("issuer.example", keys, TokenType.VOPRF_P384)
                .spentTokens((key, nonce, until) -> spent.spend(key, nonce, until))
                .build();
    }

    private String token() throws Exception {
        PendingToken pending = TokenClient.request(
                verifier.challenges().get(0).challenge(),
                keys.current(TokenType.VOPRF_P384).orElseThrow());
        return PrivateTokenCredentials.format(
                pending.finish(TokenIssuer.of(keys).issue(pending.request())));
    }

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

    private AuthenticationResult check(long connection, String credentials) {
        return now(
                new PrivateTokenAuthenticator(verifier, Runnable::run).authenticate(request(connection, credentials)));
    }

    @Test
    void aTokenIsGoodOnItsConnectionAndOnNoOther() throws Exception {
        Authenticator authenticator = new PrivateTokenAuthenticator(verifier, Runnable::run);
        String token = token();

        assertThat(now(authenticator.authenticate(request(1, token)))).isInstanceOf(Accepted.class);
        assertThat(now(authenticator.authenticate(request(1, token)))).isInstanceOf(Accepted.class);
        assertThat(now(authenticator.authenticate(request(2, token)))).isInstanceOf(Rejected.class);
        assertThat(now(authenticator.authenticate(request(2)))).isInstanceOf(Absent.class);
        assertThat(now(authenticator.authenticate(request(2, "Preshared key")))).isInstanceOf(Absent.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PrivateToken token=\"AAAA\"",
                "PrivateToken nothing=1",
                "PrivateToken token=\"",
                "PrivateToken x"
            })
    void whatIsNoTokenIsRefused(String credentials) {
        assertThat(check(1, credentials)).isInstanceOf(Rejected.class);
    }

    @Test
    void whatCannotBeLookedUpIsPutOffAndGoodLater() throws Exception {
        String token = token();
        SpentTokens memory = spent;
        spent = (key, nonce, until) -> {
            throw new SpentTokensUnavailableException("gone");
        };
        assertThat(check(1, token)).isEqualTo(new Unavailable(Duration.ofSeconds(1)));
        spent = (key, nonce, until) -> {
            throw new IllegalStateException("broken");
        };
        assertThat(check(1, token)).isInstanceOf(Unavailable.class);
        spent = memory;
        assertThat(check(1, token)).isInstanceOf(Accepted.class);
    }

    @Test
    void whatTheThreadsCannotTakeIsPutOffAtOnceAndGoodLater() throws Exception {
        Queue<Runnable> waiting = new ArrayDeque<>();
        boolean[] full = {true};
        Executor threads = task -> {
            if (full[0]) {
                throw new RejectedExecutionException();
            }
            waiting.add(task);
        };
        Authenticator authenticator = new PrivateTokenAuthenticator(verifier, threads);
        String token = token();

        assertThat(now(authenticator.authenticate(request(1, token))))
                .isEqualTo(new Unavailable(Duration.ofSeconds(1)));
        full[0] = false;
        CompletionStage<AuthenticationResult> later = authenticator.authenticate(request(1, token));
        assertThat(later.toCompletableFuture()).isNotDone();
        waiting.remove().run();
        assertThat(now(later)).isInstanceOf(Accepted.class);
    }

    @Test
    void aConnectionThatSendsTooManyLeavesRoomForOthers() throws Exception {
        Queue<Runnable> waiting = new ArrayDeque<>();
        Authenticator authenticator = new PrivateTokenAuthenticator(verifier, waiting::add);
        String good = token();
        int putOff = 0;
        for (int i = 0; i < 2000; i++) {
            AuthenticationResult result = now(authenticator.authenticate(request(1, good + ", number=" + i)));
            putOff += result instanceof Unavailable ? 1 : 0;
        }
        assertThat(waiting).hasSize(512);
        assertThat(putOff).isEqualTo(2000 - 512);
        CompletionStage<AuthenticationResult> other = authenticator.authenticate(request(2, token()));
        assertThat(other.toCompletableFuture()).isNotDone();
        waiting.forEach(Runnable::run);
        assertThat(now(other)).isInstanceOf(Accepted.class);
        waiting.clear();
        authenticator.authenticate(request(1, good + ", number=again"));
        assertThat(waiting).hasSize(1);
    }
}
