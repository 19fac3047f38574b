package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Client, issuer and origin together, and what each refuses. */
class RolesTest {
    private static final IssuerKeys KEYS = TestKeys.all();
    private final TokenIssuer issuer = TokenIssuer.of(KEYS).withBatchLimit(4);

    static TokenType[] types() {
        return new TokenType[] {
            TokenType.VOPRF_P384, TokenType.BLIND_RSA, TokenType.VOPRF_RISTRETTO255, TokenType.PARTIALLY_BLIND_RSA
        };
    }

    private static TokenVerifier.Builder origin(TokenType type) {
        return TokenVerifier.builder()
                .origin("proxy.example")
                .issuer("issuer.example", KEYS, type)
                .spentTokens(SpentTokens.inMemory(1000));
    }

    private static TokenChallenge challenge(TokenType type) {
        return TokenChallenge.of(type, "issuer.example", "proxy.example");
    }

    private static TokenKey key(TokenType type) {
        return KEYS.current(type).orElseThrow();
    }

    private Token token(TokenType type) throws PrivacyPassException {
        PendingToken pending = TokenClient.request(challenge(type), key(type));
        return pending.finish(issuer.issue(pending.request()));
    }

    @ParameterizedTest
    @MethodSource("types")
    void aTokenIsGoodOnce(TokenType type) throws PrivacyPassException {
        TokenVerifier verifier = origin(type).build();
        PrivateTokenChallenge asked = verifier.challenges().get(0);
        PendingToken pending = TokenClient.request(
                asked.challenge(), new TokenKey(type, asked.tokenKey().orElseThrow()));
        Token token = pending.finish(issuer.issue(pending.request()));
        Token sent = PrivateTokenCredentials.parse(PrivateTokenCredentials.format(token))
                .orElseThrow();

        verifier.verify(sent);
        verifier.redeem(sent);

        assertThatExceptionOfType(SpentTokenException.class).isThrownBy(() -> verifier.redeem(sent));
    }

    @ParameterizedTest
    @MethodSource("types")
    void aForgedTokenIsNotGood(TokenType type) throws PrivacyPassException {
        TokenVerifier verifier = origin(type).build();
        Token good = token(type);
        byte[] authenticator = good.authenticator().toArray();
        authenticator[7] ^= 1;

        refused(
                verifier,
                with(good, good.nonce(), Bytes.copyOf(authenticator)),
                InvalidTokenException.Reason.AUTHENTICATOR);
        refused(
                verifier,
                with(good, good.challengeDigest(), good.authenticator()),
                InvalidTokenException.Reason.AUTHENTICATOR);
    }

    private static Token with(Token token, Bytes nonce, Bytes authenticator) {
        return new Token(
                token.type(), nonce, token.challengeDigest(), token.keyId(), authenticator, token.extensions());
    }

    private static void refused(TokenVerifier verifier, Token token, InvalidTokenException.Reason reason) {
        assertThatExceptionOfType(InvalidTokenException.class)
                .isThrownBy(() -> verifier.redeem(token))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aSpentTokenIsRememberedForAsLongAsItsKeySays() throws PrivacyPassException {
        TokenKey key = key(TokenType.BLIND_RSA);
        Instant expires = Instant.parse("2100-01-01T00:00:00Z");
        Instant longer = Instant.parse("2100-06-01T00:00:00Z");
        VerificationKey plain = VerificationKey.of(key, Instant.EPOCH, expires);
        List<Instant> remembered = new ArrayList<>();
        SpentTokens spent = (id, nonce, until) -> remembered.add(until);

        for (VerificationKey one : List.of(plain, plain.rememberUntil(longer), plain.rememberUntil(expires))) {
            TokenVerifier.builder()
                    .origin("proxy.example")
                    .issuer("issuer.example", VerificationKeys.of(List.of(one)), TokenType.BLIND_RSA)
                    .spentTokens(spent)
                    .build()
                    .redeem(token(TokenType.BLIND_RSA));
        }

        assertThat(remembered).containsExactly(expires, longer, expires);
        assertThat(plain.rememberUntil(longer).expires()).isEqualTo(expires);
        assertThatIllegalArgumentException().isThrownBy(() -> plain.rememberUntil(expires.minusSeconds(1)));
    }

    @Test
    void aPlaceIsSignedWhereTheIssuerKnowsIt() throws PrivacyPassException {
        TokenType type = TokenType.PARTIALLY_BLIND_RSA;
        Extensions here = Extensions.of(
                Extension.expiration(Instant.now().plusSeconds(60), Duration.ofHours(1)),
                Extension.geolocation("JP,JP-13"));
        PendingToken pending = TokenClient.request(challenge(type), key(type), here);

        assertThatExceptionOfType(IssuanceException.class)
                .isThrownBy(() -> issuer.issue(pending.request()))
                .satisfies(e -> assertThat(e.status()).isEqualTo(422));
        assertThatExceptionOfType(IssuanceException.class)
                .isThrownBy(() -> issuer.withPlaces(List.of("JP")).issue(pending.request()));
        Token token =
                pending.finish(issuer.withPlaces(List.of("DE", "JP,JP-13")).issue(pending.request()));
        assertThat(token.extensions()).isEqualTo(here);
        origin(type).build().redeem(token);
    }

    @Test
    void tokensForOthersAreNotGood() throws PrivacyPassException {
        TokenType type = TokenType.BLIND_RSA;
        Token token = token(type);

        refused(origin(type).origin("other.example").build(), token, InvalidTokenException.Reason.CHALLENGE);
        refused(origin(type).anyOrigin().build(), token, InvalidTokenException.Reason.CHALLENGE);
        refused(
                origin(type).sharedWith("proxy.example", "other.example").build(),
                token,
                InvalidTokenException.Reason.CHALLENGE);
        refused(
                origin(type).contexts(RedemptionContexts.fixed(token.nonce())).build(),
                token,
                InvalidTokenException.Reason.CHALLENGE);
        refused(
                TokenVerifier.builder()
                        .origin("proxy.example")
                        .issuer("another.example", KEYS, type)
                        .spentTokens(SpentTokens.inMemory(9))
                        .build(),
                token,
                InvalidTokenException.Reason.CHALLENGE);
        refused(origin(TokenType.VOPRF_P384).build(), token, InvalidTokenException.Reason.KEY);
        refused(
                TokenVerifier.builder()
                        .origin("proxy.example")
                        .issuer("issuer.example", VerificationKeys.of(List.of()), type)
                        .spentTokens(SpentTokens.inMemory(9))
                        .build(),
                token,
                InvalidTokenException.Reason.KEY);
    }

    @Test
    void expiredKeysVerifyNoMore() throws PrivacyPassException {
        TokenType type = TokenType.BLIND_RSA;
        Token token = token(type);
        SpentTokensTest.MovingClock clock = new SpentTokensTest.MovingClock();
        Instant expires = clock.instant().plusSeconds(60);
        VerificationKeys keys = VerificationKeys.of(List.of(VerificationKey.of(key(type), Instant.EPOCH, expires)));
        TokenVerifier verifier = TokenVerifier.builder()
                .origin("proxy.example")
                .issuer("issuer.example", keys, type)
                .spentTokens(SpentTokens.inMemory(9))
                .clock(clock)
                .build();
        verifier.verify(token);

        clock.advance(Duration.ofSeconds(60));

        refused(verifier, token, InvalidTokenException.Reason.KEY);
    }

    @Test
    void aTokenCountsForTheContextItWasMadeFor() throws PrivacyPassException {
        TokenType type = TokenType.VOPRF_RISTRETTO255;
        TokenVerifier verifier = origin(type).build();
        Bytes context = new Randoms(1).bytes(32);
        PrivateTokenChallenge asked = verifier.challenges(context).get(0);
        PendingToken pending = TokenClient.request(asked.challenge(), key(type));
        Token token = pending.finish(issuer.issue(pending.request()));

        refused(verifier, token, InvalidTokenException.Reason.CHALLENGE);
        verifier.redeem(token, context);

        assertThatExceptionOfType(SpentTokenException.class).isThrownBy(() -> verifier.redeem(token, context));
    }

    @Test
    void aWindowOfTimePasses() throws PrivacyPassException {
        TokenType type = TokenType.VOPRF_RISTRETTO255;
        SpentTokensTest.MovingClock clock = new SpentTokensTest.MovingClock();
        TokenVerifier verifier = origin(type)
                .clock(clock)
                .contexts(RedemptionContexts.windows(
                        new javax.crypto.spec.SecretKeySpec(new byte[32], "HMAC"), Duration.ofMinutes(1), clock))
                .build();
        PrivateTokenChallenge asked = verifier.challenges().get(0);
        PendingToken pending = TokenClient.request(asked.challenge(), key(type));
        Token token = pending.finish(issuer.issue(pending.request()));

        assertThat(asked.maxAge()).contains(Duration.ofMinutes(1));
        clock.advance(Duration.ofMinutes(1));
        verifier.verify(token);
        clock.advance(Duration.ofMinutes(1));
        refused(verifier, token, InvalidTokenException.Reason.CHALLENGE);
    }

    @Test
    void extensionsAreBoundToTheToken() throws PrivacyPassException {
        TokenType type = TokenType.PARTIALLY_BLIND_RSA;
        Instant soon = Instant.now().plus(Duration.ofHours(2));
        Extensions extensions = Extensions.of(Extension.expiration(soon, Duration.ofHours(1)));
        PendingToken pending = TokenClient.request(challenge(type), key(type), extensions);
        Token token = pending.finish(issuer.issue(pending.request()));
        Extensions later = Extensions.of(Extension.expiration(soon.plus(Duration.ofDays(1)), Duration.ofHours(1)));
        SpentTokensTest.MovingClock clock = new SpentTokensTest.MovingClock();

        origin(type).build().redeem(token);

        refused(
                origin(type).build(),
                new Token(type, token.nonce(), token.challengeDigest(), token.keyId(), token.authenticator(), later),
                InvalidTokenException.Reason.AUTHENTICATOR);
        refused(
                origin(type).extensions(Extensions.NONE::equals).build(),
                token,
                InvalidTokenException.Reason.EXTENSIONS);
        clock.advance(Duration.between(clock.instant(), soon.plus(Duration.ofHours(2))));
        refused(origin(type).clock(clock).build(), token, InvalidTokenException.Reason.EXTENSIONS);
    }

    @Test
    void theIssuerSignsNoExtensionItWasNotToldTo() throws PrivacyPassException {
        TokenType type = TokenType.PARTIALLY_BLIND_RSA;
        Extensions place = Extensions.of(Extension.geolocation("JP"));
        PendingToken pending = TokenClient.request(challenge(type), key(type), place);

        status(422, () -> issuer.issue(pending.request()));

        TokenIssuer generous = issuer.withExtensions((key, extensions) -> extensions.equals(place));
        assertThat(pending.finish(generous.issue(pending.request())).extensions())
                .isEqualTo(place);
    }

    /** What an issuer does. */
    interface Call {
        Object run() throws GeneralSecurityException;
    }

    private static void status(int status, Call call) {
        assertThatExceptionOfType(IssuanceException.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @MethodSource("types")
    void requestsThatMakeNoSenseAreUnprocessable(TokenType type) throws PrivacyPassException {
        TokenRequest good = TokenClient.request(challenge(type), key(type)).request();
        byte[] none = new byte[good.blinded().size()];
        java.util.Arrays.fill(none, (byte) 0xff);

        status(
                422,
                () -> issuer.issue(new TokenRequest(type, good.truncatedKeyId() ^ 1, good.blinded(), Extensions.NONE)));
        status(
                422,
                () -> issuer.issue(new TokenRequest(type, good.truncatedKeyId(), Bytes.copyOf(none), Extensions.NONE)));
        status(422, () -> issuer.answer(RequestKind.SINGLE, Bytes.copyOf(new byte[] {0, 2, 3})));
        status(422, () -> issuer.answer(RequestKind.GENERIC_BATCH, good.encode()));
    }

    @ParameterizedTest
    @MethodSource("types")
    void answersThatAreWrongMakeNoToken(TokenType type) throws PrivacyPassException {
        PendingToken pending = TokenClient.request(challenge(type), key(type));
        TokenResponse good = issuer.issue(pending.request());
        TokenResponse other =
                issuer.issue(TokenClient.request(challenge(type), key(type)).request());
        byte[] proof = good.proof().toArray();
        if (proof.length > 0) {
            proof[3] ^= 1;
            wrong(pending, new TokenResponse(type, good.evaluated(), Bytes.copyOf(proof)));
        }

        wrong(pending, other);
        wrong(pending, new TokenResponse(type, other.evaluated(), good.proof()));
        wrong(pending, new Randoms(3).response(type));
        wrong(
                pending,
                new Randoms(3).response(type.equals(TokenType.BLIND_RSA) ? TokenType.VOPRF_P384 : TokenType.BLIND_RSA));
    }

    private static void wrong(PendingToken pending, TokenResponse response) {
        assertThatExceptionOfType(PrivacyPassException.class).isThrownBy(() -> pending.finish(response));
    }

    @Test
    void amortizedBatchesAreGoodAndLimited() throws PrivacyPassException {
        for (TokenType type : new TokenType[] {TokenType.VOPRF_P384, TokenType.VOPRF_RISTRETTO255}) {
            TokenVerifier verifier = origin(type).build();
            PendingAmortizedBatch pending = TokenClient.amortized(challenge(type), key(type), 4);

            List<Token> tokens = pending.finish(issuer.issue(pending.request()));
            for (Token token : tokens) {
                verifier.redeem(token);
            }

            assertThat(tokens).hasSize(4).doesNotHaveDuplicates();
            status(
                    422,
                    () -> issuer.issue(
                            TokenClient.amortized(challenge(type), key(type), 5).request()));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenClient.amortized(challenge(TokenType.BLIND_RSA), key(TokenType.BLIND_RSA), 2));
    }

    @Test
    void inAGenericBatchOneBadRequestFailsAlone() throws PrivacyPassException {
        List<PendingToken> each = new ArrayList<>();
        for (TokenType type : types()) {
            each.add(TokenClient.request(challenge(type), key(type)));
        }
        PendingGenericBatch pending = TokenClient.generic(each);
        List<TokenRequest> requests = new ArrayList<>(pending.request().requests());
        TokenRequest bad = requests.get(1);
        requests.set(1, new TokenRequest(bad.type(), bad.truncatedKeyId() ^ 1, bad.blinded(), bad.extensions()));

        TokenIssuer.Answer answer =
                issuer.answer(RequestKind.GENERIC_BATCH, new GenericBatchRequest(requests).encode());
        List<Optional<Token>> tokens = pending.finish(GenericBatchResponse.decode(answer.content(), 4));

        assertThat(answer.complete()).isFalse();
        assertThat(tokens).map(Optional::isPresent).containsExactly(true, false, true, true);
        status(400, () -> issuer.issue(new GenericBatchRequest(List.of(requests.get(1)))));
        status(422, () -> issuer.withBatchLimit(3).issue(pending.request()));
    }

    @Test
    void keysThatAreNoneAreRefusedByTheClient() {
        for (TokenType type : types()) {
            assertThatExceptionOfType(PrivacyPassException.class)
                    .isThrownBy(() -> TokenClient.request(
                            challenge(type), new TokenKey(type, Bytes.copyOf(new byte[] {1, 2, 3}))));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenClient.request(challenge(TokenType.BLIND_RSA), key(TokenType.VOPRF_P384)));
    }

    @Test
    void originsAreSetUpAsAWhole() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenVerifier.builder().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        origin(TokenType.BLIND_RSA).sharedWith("other.example").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> origin(TokenType.BLIND_RSA)
                        .issuer("", KEYS, TokenType.BLIND_RSA)
                        .build());
    }

    @Test
    void aMemoryThatFailsRefusesTheToken() throws PrivacyPassException {
        TokenVerifier verifier = origin(TokenType.BLIND_RSA)
                .spentTokens((key, nonce, until) -> {
                    throw new SpentTokensUnavailableException("the store is away");
                })
                .build();
        Token token = token(TokenType.BLIND_RSA);

        assertThatExceptionOfType(SpentTokensUnavailableException.class).isThrownBy(() -> verifier.redeem(token));
    }

    @Test
    void nothingSecretIsShown() throws PrivacyPassException {
        PendingToken pending = TokenClient.request(challenge(TokenType.BLIND_RSA), key(TokenType.BLIND_RSA));

        assertThat(pending).hasToString("PendingToken[type=0x0002]");
        assertThat(TokenClient.generic(List.of(pending))).hasToString("PendingGenericBatch[1]");
        assertThat(TestKeys.of(TokenType.VOPRF_P384).half()).hasToString("PrivateHalf[0x0001]");
    }
}
