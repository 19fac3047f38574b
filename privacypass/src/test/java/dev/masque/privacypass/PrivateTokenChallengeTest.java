package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateTokenChallengeTest {
    private static final TokenChallenge CHALLENGE =
            TokenChallenge.of(TokenType.BLIND_RSA, "issuer.example", "a.example", "b.example");
    private static final TokenKey KEY = new TokenKey(TokenType.BLIND_RSA, Bytes.copyOf(new byte[] {-1, -2, -3, -17}));
    private static final String URL =
            Base64.getUrlEncoder().encodeToString(CHALLENGE.encode().toArray());
    private static final String PLAIN =
            Base64.getEncoder().encodeToString(CHALLENGE.encode().toArray());

    @Test
    void whatIsFormattedReadsBack() throws MalformedException {
        PrivateTokenChallenge one = PrivateTokenChallenge.of(CHALLENGE, KEY).withMaxAge(Duration.ofMinutes(2));

        assertThat(PrivateTokenChallenge.parse(one.format() + "," + one.format()))
                .containsExactly(one, one);
        assertThat(one.challenge()).isEqualTo(CHALLENGE);
        assertThat(one.format()).startsWith("PrivateToken challenge=\"AAI").endsWith(", max-age=120");
    }

    @Test
    void everyWayToWriteTheValueIsRead() throws MalformedException {
        String bare = URL.replace("=", "");

        for (String value : new String[] {URL, PLAIN, bare, '"' + URL + '"', '"' + PLAIN + '"', '"' + bare + '"'}) {
            assertThat(PrivateTokenChallenge.parse("privatetoken  CHALLENGE = " + value + " ,max-age=\"7\""))
                    .singleElement()
                    .satisfies(one -> assertThat(one.encoded()).isEqualTo(CHALLENGE.encode()))
                    .satisfies(one -> assertThat(one.maxAge()).contains(Duration.ofSeconds(7)));
        }
    }

    @Test
    void otherSchemesInBetweenArePassedOver() throws MalformedException {
        String field = "Negotiate, Basic realm=\"PrivateToken challenge=\\\"x\", charset=UTF-8, Bearer abc123==,"
                + "PrivateToken challenge=\"" + URL + "\", realm=\"a, b\", new-thing=1 , ,Digest nonce=\"n\","
                + " PrivateToken challenge=" + URL + ", token-key=_-_v";

        assertThat(PrivateTokenChallenge.parse(field))
                .hasSize(2)
                .allSatisfy(one -> assertThat(one.challenge()).isEqualTo(CHALLENGE));
    }

    @Test
    void challengesThatMakeNoSenseArePassedOver() throws MalformedException {
        String field = "PrivateToken token-key=\"AAAA\", PrivateToken challenge=\"A\", PrivateToken challenge=\"!\","
                + "PrivateToken, PrivateToken abc, PrivateToken challenge=AAI=, PrivateToken challenge=" + URL
                + ", challenge=" + URL;

        assertThat(PrivateTokenChallenge.parse(field))
                .singleElement()
                .satisfies(one -> assertThat(one.type()).isEqualTo(TokenType.BLIND_RSA))
                .satisfies(one ->
                        assertThatExceptionOfType(MalformedException.class).isThrownBy(one::challenge));
    }

    @Test
    void parametersThatMakeNoSenseArePassedOver() throws MalformedException {
        String field = "PrivateToken challenge=" + URL
                + ", token-key=\"*\", max-age=soon, extensions=\"AAE\", extension-set=x";

        assertThat(PrivateTokenChallenge.parse(field)).singleElement().satisfies(one -> {
            assertThat(one.tokenKey()).isEmpty();
            assertThat(one.maxAge()).isEmpty();
            assertThat(one.extensions()).isEmpty();
        });
        assertThat(PrivateTokenChallenge.parse("PrivateToken challenge=" + URL + ", max-age=" + "9".repeat(99)))
                .singleElement()
                .satisfies(one -> assertThat(one.maxAge()).contains(Duration.ofSeconds(Integer.MAX_VALUE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"challenge=AAIA", "PrivateToken challenge=\"AA", "=", "\"", "PrivateToken challenge=\"A\\"})
    void fieldsThatCannotBeReadAreRefused(String field) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> PrivateTokenChallenge.parse(field));
    }

    @Test
    void fieldsAreBounded() throws MalformedException {
        String padding = ", x=\"" + "y".repeat((1 << 20) - URL.length() - 100) + '"';
        String many = ", x1=y".repeat(999);

        assertThat(PrivateTokenChallenge.parse("PrivateToken challenge=" + URL + padding))
                .hasSize(1);
        assertThat(PrivateTokenChallenge.parse("PrivateToken challenge=" + URL + ", a".repeat(999)))
                .hasSize(1);
        assertThat(AuthField.parse("PrivateToken challenge=" + URL + many)).hasSize(1);
        for (String field :
                new String[] {" ".repeat((1 << 20) + 1), "PrivateToken a=b" + many + ",a=b", "a,".repeat(1001)}) {
            assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> PrivateTokenChallenge.parse(field));
        }
    }

    @Test
    void clientsAnswerOnlyTheOriginsNamed() {
        assertThat(CHALLENGE.isFor("B.example")).isTrue();
        assertThat(CHALLENGE.isFor("c.example")).isFalse();
        assertThat(TokenChallenge.of(TokenType.BLIND_RSA, "issuer.example").isFor("c.example"))
                .isTrue();
    }
}
