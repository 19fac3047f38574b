package dev.masque.privacypass;

import static dev.masque.privacypass.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.masque.privacypass.blindrsa.BlindRsa;
import dev.masque.privacypass.blindrsa.BlindRsaFixtures;
import dev.masque.privacypass.blindrsa.BlindRsaPublicKey;
import dev.masque.privacypass.voprf.OprfPublicKey;
import dev.masque.privacypass.voprf.VoprfFixtures;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Issuance from challenge to token, with the randomness of the published runs: every byte is the same. */
class IssuanceVectorsTest {
    static Stream<Arguments> singles() {
        return WireVectorsTest.singles();
    }

    @ParameterizedTest
    @MethodSource("singles")
    void singleIssuanceGivesThePublishedToken(JsonNode one) throws GeneralSecurityException {
        TokenRequest published = TokenRequest.decode(hex(one, "token_request"));
        TokenType type = published.type();
        PendingToken pending = pending(type, one);
        TokenIssuer issuer = issuer(TestKeys.half(type, one));

        TokenResponse ours = issuer.issue(pending.request());

        assertThat(pending.request()).isEqualTo(published);
        assertThat(pending.finish(TokenResponse.decode(type, hex(one, "token_response")))
                        .encode())
                .isEqualTo(hex(one, "token"));
        assertThat(pending.finish(ours).encode()).isEqualTo(hex(one, "token"));
        assertThat(ours.evaluated()) // the proof is drawn anew
                .isEqualTo(
                        TokenResponse.decode(type, hex(one, "token_response")).evaluated());
        assertThat(TestKeys.half(type, one).verify(pending.finish(ours))).isTrue();
    }

    static Stream<Arguments> amortized() {
        return WireVectorsTest.amortized();
    }

    @ParameterizedTest
    @MethodSource("amortized")
    void amortizedBatchGivesThePublishedTokens(JsonNode one) throws GeneralSecurityException {
        int count = one.get("nonces").size();
        AmortizedBatchRequest published = AmortizedBatchRequest.decode(hex(one, "token_request"), count);
        TokenKey key = new TokenKey(published.type(), hex(one, "pkS"));
        Bytes digest = TokenChallenge.decode(hex(one, "token_challenge")).digest();
        List<Unsigned> unsigned = new ArrayList<>();
        List<byte[]> blinds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            unsigned.add(Unsigned.of(key, digest, hex(one.get("nonces").get(i)), Extensions.NONE));
            blinds.add(hex(one.get("blinds").get(i)).toArray());
        }
        List<byte[]> inputs =
                unsigned.stream().map(each -> each.input().toArray()).toList();
        PendingAmortizedBatch pending =
                new PendingAmortizedBatch(unsigned, Blinded.of(VoprfFixtures.blind(oprf(key), inputs, blinds)));
        List<Bytes> tokens = new ArrayList<>();
        one.get("tokens").forEach(token -> tokens.add(hex(token)));

        AmortizedBatchResponse ours =
                issuer(TestKeys.half(published.type(), one)).issue(pending.request());

        assertThat(pending.request()).isEqualTo(published);
        assertThat(pending.finish(AmortizedBatchResponse.decode(published.type(), hex(one, "token_response"), count)))
                .extracting(Token::encode)
                .isEqualTo(tokens);
        assertThat(pending.finish(ours)).extracting(Token::encode).isEqualTo(tokens);
    }

    static Stream<Arguments> generic() {
        return WireVectorsTest.generic();
    }

    @ParameterizedTest
    @MethodSource("generic")
    void genericBatchGivesThePublishedTokens(JsonNode one) throws GeneralSecurityException {
        List<PendingToken> each = new ArrayList<>();
        List<PrivateHalf> keys = new ArrayList<>();
        List<Bytes> tokens = new ArrayList<>();
        for (JsonNode issuance : one.get("issuance")) {
            TokenType type = new TokenType(Integer.parseInt(issuance.get("type").asText(), 16));
            each.add(pending(type, issuance));
            keys.add(TestKeys.half(type, issuance));
            tokens.add(hex(issuance, "token"));
        }
        PendingGenericBatch pending = TokenClient.generic(each);

        GenericBatchResponse ours = issuer(keys.toArray(PrivateHalf[]::new)).issue(pending.request());

        assertThat(pending.request().encode()).isEqualTo(hex(one, "token_request"));
        assertThat(pending.finish(GenericBatchResponse.decode(hex(one, "token_response"), 100)))
                .map(token -> token.orElseThrow().encode())
                .isEqualTo(tokens);
        assertThat(pending.finish(ours)).map(Optional::isPresent).containsOnly(true);
    }

    private static PendingToken pending(TokenType type, JsonNode one) throws GeneralSecurityException {
        TokenKey key = new TokenKey(type, hex(one, "pkS"));
        Extensions extensions = one.has("extensions") ? Extensions.decode(hex(one, "extensions")) : Extensions.NONE;
        Unsigned unsigned = Unsigned.of(
                key, TokenChallenge.decode(hex(one, "token_challenge")).digest(), hex(one, "nonce"), extensions);
        byte[] input = unsigned.input().toArray();
        byte[] blind = hex(one, "blind").toArray();
        if (type.amortizes()) {
            return new PendingToken(
                    unsigned, Blinded.of(VoprfFixtures.blind(oprf(key), List.of(input), List.of(blind))));
        }
        BlindRsaPublicKey rsa = BlindRsaPublicKey.parse(key.encoded().toArray());
        byte[] salt = hex(one, "salt").toArray();
        BigInteger factor = new BigInteger(1, blind);
        return new PendingToken(
                unsigned,
                Blinded.of(
                        type.extended()
                                ? BlindRsaFixtures.blind(
                                        rsa, extensions.encode().toArray(), input, salt, factor)
                                : BlindRsaFixtures.blind(BlindRsa.PSS_DETERMINISTIC, rsa, input, salt, factor)));
    }

    private static OprfPublicKey oprf(TokenKey key) throws GeneralSecurityException {
        return OprfPublicKey.parse(PublicHalf.suite(key.type()), key.encoded().toArray());
    }

    private static TokenIssuer issuer(PrivateHalf... halves) {
        IssuerKeys.Builder keys = IssuerKeys.builder().rotatedByCaller();
        for (PrivateHalf half : halves) {
            keys.key(TestKeys.key(half));
        }
        return TokenIssuer.of(TestKeys.open(keys)).withExtensions((key, extensions) -> true);
    }
}
