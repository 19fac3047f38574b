package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.ProxyAuthorization;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PrivateTokenChallenge;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.server.auth.Authenticators;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is refused is told which token to bring. */
class TokenChallengeTest {
    private static final String WRONG = "PrivateToken token=\"AAAA\"";

    private final IssuerKeys keys;

    TokenChallengeTest() throws Exception {
        keys = IssuerKeys.builder()
                .types(TokenType.VOPRF_P384)
                .rotatedByCaller()
                .open();
    }

    private ServerHarness proxy(ResponseProfile profile) {
        TokenVerifier verifier = TokenVerifier.builder()
                .origin("proxy.example")
                .issuer("issuer.example", keys, TokenType.VOPRF_P384)
                .spentTokens(SpentTokens.inMemory(10))
                .build();
        return new ServerHarness(builder -> builder.authenticate(
                        Authenticators.preshared(Map.of("team", ServerHarness.KEY)),
                        Authenticators.privacyPass(verifier))
                .responseProfile(profile));
    }

    private void isTold(ClientStream client, int status, String field) throws Exception {
        assertThat(client.status()).isEqualTo(status);
        List<PrivateTokenChallenge> challenges = PrivateTokenChallenge.parse(
                String.join(", ", client.response().fields().all(field)));
        assertThat(challenges).singleElement().satisfies(one -> {
            assertThat(one.challenge().issuerName()).isEqualTo("issuer.example");
            assertThat(one.challenge().originInfo()).containsExactly("proxy.example");
            assertThat(one.tokenKey())
                    .contains(keys.current(TokenType.VOPRF_P384).orElseThrow().encoded());
        });
    }

    @ParameterizedTest
    @CsvSource({"PRIVACY_PROXY, 403, 403, proxy-authenticate", "RFC, 407, 401, www-authenticate"})
    void theChallengeIsInTheRefusalOfEitherProfile(ResponseProfile profile, int tcp, int udp, String ofUdp)
            throws Exception {
        try (ServerHarness proxy = proxy(profile)) {
            for (String[] fields : new String[][] {{}, {ProxyAuthorization.NAME, WRONG}}) {
                isTold(proxy.connect("93.184.216.34:443", fields), tcp, "proxy-authenticate");
                isTold(proxy.connectUdp("93.184.216.34", 443, fields), udp, ofUdp);
            }
        }
    }
}
