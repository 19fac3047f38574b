package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.ProxyAuthorization;
import dev.masque.core.ProxyErrorType;
import dev.masque.privacypass.AmortizedBatchResponse;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.Extensions;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PendingAmortizedBatch;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.SpentTokensUnavailableException;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenKey;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.server.auth.Authenticators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More tokens than can be verified, and a memory of spent ones that is gone. */
class TokenFloodTest {
    private static final int WAITING = 1024;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final IssuerKeys keys;

    TokenFloodTest() throws Exception {
        keys = IssuerKeys.builder()
                .types(TokenType.VOPRF_P384)
                .rotatedByCaller()
                .open();
    }

    private TokenVerifier verifier(dev.masque.privacypass.SpentTokens spent) {
        return TokenVerifier.builder()
                .origin("proxy.example")
                .issuer("issuer.example", keys, TokenType.VOPRF_P384)
                .spentTokens(spent)
                .build();
    }

    private static ServerHarness proxy(TokenVerifier verifier, ResponseProfile profile) {
        return new ServerHarness(builder -> builder.authenticate(
                        Authenticators.preshared(Map.of("team", ServerHarness.KEY)),
                        Authenticators.privacyPass(verifier))
                .responseProfile(profile));
    }

    private List<Token> tokens(TokenVerifier verifier, int count) throws Exception {
        TokenKey key = keys.current(TokenType.VOPRF_P384).orElseThrow();
        PendingAmortizedBatch pending =
                TokenClient.amortized(verifier.challenges().get(0).challenge(), key, count);
        AmortizedBatchResponse response =
                TokenIssuer.of(keys).withBatchLimit(count).issue(pending.request());
        return pending.finish(response);
    }

    private static ClientStream send(ServerHarness proxy, Token token) {
        return proxy.newClient()
                .request(dev.masque.core.spi.RequestHead.connect(
                        ServerHarness.PUBLIC + ":443",
                        dev.masque.core.spi.HeaderFields.of(
                                ProxyAuthorization.NAME, PrivateTokenCredentials.format(token))));
    }

    private static void isPutOff(ClientStream client) {
        assertThat(client.status()).isEqualTo(503);
        assertThat(client.field("retry-after")).isEqualTo("1");
        assertThat(client.error()).isEqualTo(ProxyErrorType.PROXY_INTERNAL_ERROR);
        assertThat(client.field("server-timing")).startsWith("proxy;dur=");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void aFullQueueIs503AtOnceAndStopsNobodyWithAKey() throws Exception {
        CountDownLatch busy = new CountDownLatch(PROCESSORS);
        CountDownLatch done = new CountDownLatch(1);
        TokenVerifier verifier = verifier((key, nonce, until) -> {
            busy.countDown();
            try {
                done.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new SpentTokensUnavailableException("slow");
        });
        List<Token> tokens = tokens(verifier, PROCESSORS + 2);
        try (ServerHarness proxy = proxy(verifier, ResponseProfile.PRIVACY_PROXY)) {
            try {
                for (int i = 0; i < PROCESSORS; i++) {
                    send(proxy, tokens.get(i));
                }
                assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
                List<ClientStream> waiting = new ArrayList<>();
                for (int i = 0; i < WAITING; i++) {
                    waiting.add(send(proxy, forged(tokens.get(0), i)));
                }
                isPutOff(send(proxy, tokens.get(PROCESSORS)));
                isPutOff(send(proxy, tokens.get(PROCESSORS)));
                assertThat(waiting).noneMatch(ClientStream::isEnded);
                ClientStream withKey = proxy.connectWithKey(ServerHarness.PUBLIC + ":443", ServerHarness.KEY);
                proxy.targets.attempt(0).succeed();
                assertThat(withKey.status()).isEqualTo(200);
            } finally {
                done.countDown();
            }
        }
    }

    private static Token forged(Token good, int number) {
        byte[] nonce = good.nonce().toArray();
        nonce[0] ^= (byte) (number + 1);
        nonce[1] ^= (byte) (number >> 8);
        return new Token(
                good.type(),
                Bytes.copyOf(nonce),
                good.challengeDigest(),
                good.keyId(),
                good.authenticator(),
                Extensions.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void aMemoryThatIsGoneLetsNobodyIn(ResponseProfile profile) throws Exception {
        TokenVerifier verifier = verifier((key, nonce, until) -> {
            throw new SpentTokensUnavailableException("gone");
        });
        Token token = tokens(verifier, 1).get(0);
        try (ServerHarness proxy = proxy(verifier, profile)) {
            ClientStream client = send(proxy, token);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!client.isEnded() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            isPutOff(client);
            assertThat(proxy.targets.attempts).isEmpty();
        }
    }
}
