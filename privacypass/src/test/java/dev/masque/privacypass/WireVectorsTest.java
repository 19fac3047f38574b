package dev.masque.privacypass;

import static dev.masque.privacypass.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that is printed in the RFCs and drafts reads, and writes back to the same bytes. */
class WireVectorsTest {
    private static final String DRAFT = ".draft-ietf-privacypass-batched-tokens.json";

    static Stream<Arguments> structures() {
        return Vectors.cases(
                        "rfc9577-auth-scheme/token-challenge-structs.rfc9577.json",
                        "rfc9577-auth-scheme/token-structs-with-extensions.privacypass-ts.json")
                .filter(arguments -> ((JsonNode) arguments.get()[0]).has("issuer_name"));
    }

    @ParameterizedTest
    @MethodSource("structures")
    void challengeHashesToWhatTheTokenSays(JsonNode one) throws MalformedException {
        String origins = text(one, "origin_info");
        TokenType type =
                new TokenType(Integer.parseInt(one.get("token_type").asText().replace("0x", ""), 16));
        TokenChallenge challenge = new TokenChallenge(
                type,
                text(one, "issuer_name"),
                hex(one, "redemption_context"),
                origins.isEmpty() ? List.of() : List.of(origins.split(",")));

        assertThat(TokenChallenge.decode(challenge.encode())).isEqualTo(challenge);
        assertThat(Token.authenticatorInput(type, hex(one, "nonce"), challenge.digest(), hex(one, "token_key_id")))
                .isEqualTo(hex(one, "token_authenticator_input"));
    }

    static Stream<Arguments> singles() {
        return Vectors.cases(
                "rfc9578-issuance/type-0001-voprf-p384.rfc9578.json",
                "rfc9578-issuance/type-0001-voprf-p384.pat-go.json",
                "rfc9578-issuance/type-0001-voprf-p384.rust.json",
                "rfc9578-issuance/type-0002-blind-rsa-2048.rfc9578.json",
                "rfc9578-issuance/type-0002-blind-rsa-2048.pat-go.json",
                "rfc9578-issuance/type-0002-blind-rsa-2048.rust.json",
                "batched-tokens/type-0005-voprf-ristretto255" + DRAFT,
                "partially-blind-rsa/type-da7a-issuance.privacypass-ts.json");
    }

    @ParameterizedTest
    @MethodSource("singles")
    void singleIssuanceReadsAndWritesBack(JsonNode one) throws MalformedException {
        TokenRequest request = TokenRequest.decode(hex(one, "token_request"));
        TokenResponse response = TokenResponse.decode(request.type(), hex(one, "token_response"));
        Token token = Token.decode(hex(one, "token"), request.extensions());
        TokenChallenge challenge = TokenChallenge.decode(hex(one, "token_challenge"));
        TokenKey key = new TokenKey(request.type(), hex(one, "pkS"));

        assertThat(request.encode()).isEqualTo(hex(one, "token_request"));
        assertThat(response.encode()).isEqualTo(hex(one, "token_response"));
        assertThat(token.encode()).isEqualTo(hex(one, "token"));
        assertThat(challenge.encode()).isEqualTo(hex(one, "token_challenge"));
        assertThat(token.challengeDigest()).isEqualTo(challenge.digest());
        assertThat(token.nonce()).isEqualTo(hex(one, "nonce"));
        assertThat(token.keyId()).isEqualTo(key.id());
        assertThat(request.truncatedKeyId()).isEqualTo(key.truncatedId());
        if (one.has("extensions")) {
            assertThat(request.extensions().encode()).isEqualTo(hex(one, "extensions"));
        }
    }

    static Stream<Arguments> amortized() {
        return Vectors.cases(
                "batched-tokens/amortized-type-0001-p384" + DRAFT,
                "batched-tokens/amortized-type-0005-ristretto255" + DRAFT);
    }

    @ParameterizedTest
    @MethodSource("amortized")
    void amortizedBatchReadsAndWritesBack(JsonNode one) throws MalformedException {
        AmortizedBatchRequest request = AmortizedBatchRequest.decode(hex(one, "token_request"), 100);
        int count = request.blinded().size();
        AmortizedBatchResponse response =
                AmortizedBatchResponse.decode(request.type(), hex(one, "token_response"), count);

        assertThat(request.encode()).isEqualTo(hex(one, "token_request"));
        assertThat(response.encode()).isEqualTo(hex(one, "token_response"));
        assertThat(count).isEqualTo(one.get("nonces").size());
        for (JsonNode token : one.get("tokens")) {
            assertThat(Token.decode(hex(token)).encode()).isEqualTo(hex(token));
        }
    }

    static Stream<Arguments> generic() {
        return Vectors.cases("batched-tokens/generic-batched" + DRAFT);
    }

    @ParameterizedTest
    @MethodSource("generic")
    void genericBatchReadsAndWritesBack(JsonNode one) throws MalformedException {
        GenericBatchRequest request = GenericBatchRequest.decode(hex(one, "token_request"), 100);
        GenericBatchResponse response = GenericBatchResponse.decode(hex(one, "token_response"), 100);

        assertThat(request.encode()).isEqualTo(hex(one, "token_request"));
        assertThat(response.encode()).isEqualTo(hex(one, "token_response"));
        assertThat(request.requests()).hasSameSizeAs(response.responses());
        assertThat(request.requests()).hasSize(one.get("issuance").size());
        assertThat(response.complete()).isTrue();
    }

    static Stream<Arguments> fields() {
        return Vectors.cases(
                "rfc9577-auth-scheme/www-authenticate-headers.rfc9577.json",
                "rfc9577-auth-scheme/www-authenticate-headers-unquoted.privacypass-ts.json");
    }

    @ParameterizedTest
    @MethodSource("fields")
    void fieldHoldsTheChallengesThatItSays(JsonNode one) throws MalformedException {
        List<PrivateTokenChallenge> challenges =
                PrivateTokenChallenge.parse(one.get("www_authenticate").asText());

        assertThat(challenges).hasSize(one.get("challenges").size());
        for (int i = 0; i < challenges.size(); i++) {
            JsonNode expected = one.get("challenges").get(i);
            PrivateTokenChallenge challenge = challenges.get(i);
            assertThat(challenge.encoded()).isEqualTo(hex(expected, "token_challenge"));
            assertThat(challenge.tokenKey()).contains(hex(expected, "token_key"));
            assertThat(challenge.type()).hasToString(expected.get("token_type").asText());
            JsonNode age = expected.path("max_age");
            assertThat(challenge.maxAge().map(max -> (int) max.toSeconds()).orElse(-1))
                    .isEqualTo(age.isInt() ? age.asInt() : -1);
        }
        assertThat(PrivateTokenChallenge.parse(PrivateTokenChallenge.format(challenges)))
                .isEqualTo(challenges);
    }

    private static String text(JsonNode one, String name) {
        return new String(hex(one, name).toArray(), StandardCharsets.US_ASCII);
    }
}
