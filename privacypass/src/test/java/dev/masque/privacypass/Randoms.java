package dev.masque.privacypass;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Values drawn at random, valid each, for the laws of the codecs. */
final class Randoms {
    private static final TokenType[] TYPES = {
        TokenType.VOPRF_P384, TokenType.BLIND_RSA, TokenType.VOPRF_RISTRETTO255, TokenType.PARTIALLY_BLIND_RSA
    };

    private final SplittableRandom random;

    Randoms(long seed) {
        this.random = new SplittableRandom(seed);
    }

    Bytes bytes(int size) {
        byte[] value = new byte[size];
        random.nextBytes(value);
        return Bytes.copyOf(value);
    }

    <T> List<T> list(int most, Supplier<T> element) {
        return Stream.generate(element).limit(random.nextInt(1, most + 1)).toList();
    }

    TokenType type() {
        return TYPES[random.nextInt(TYPES.length)];
    }

    TokenType batchType() {
        return random.nextBoolean() ? TokenType.VOPRF_P384 : TokenType.VOPRF_RISTRETTO255;
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        for (int left = random.nextInt(1, 30); left > 0; left--) {
            char c = (char) random.nextInt('!', '~');
            name.append(c == ',' ? 'x' : c);
        }
        return name.toString();
    }

    TokenChallenge challenge() {
        return new TokenChallenge(
                new TokenType(random.nextInt(0x10000)),
                name(),
                bytes(random.nextBoolean() ? 32 : 0),
                random.nextBoolean() ? List.of() : list(4, this::name));
    }

    Extensions extensions() {
        List<Extension> list = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            list.add(new Extension(random.nextInt(0x10000), bytes(random.nextInt(20))));
        }
        list.sort(Comparator.comparingInt(Extension::type));
        return new Extensions(list);
    }

    TokenRequest request() {
        TokenType type = type();
        return new TokenRequest(
                type,
                random.nextInt(256),
                bytes(type.requireLayout().blinded()),
                type.extended() ? extensions() : Extensions.NONE);
    }

    TokenResponse response() {
        return response(type());
    }

    TokenResponse response(TokenType type) {
        TokenType.Layout layout = type.requireLayout();
        return new TokenResponse(type, bytes(layout.blinded()), bytes(layout.proof()));
    }

    Token token() {
        TokenType type = type();
        return new Token(
                type,
                bytes(32),
                bytes(32),
                bytes(32),
                bytes(type.requireLayout().authenticator()),
                type.extended() ? extensions() : Extensions.NONE);
    }

    AmortizedBatchRequest amortizedRequest(TokenType type, int most) {
        return new AmortizedBatchRequest(
                type,
                random.nextInt(256),
                list(most, () -> bytes(type.requireLayout().blinded())));
    }

    AmortizedBatchResponse amortizedResponse(TokenType type, int most) {
        TokenType.Layout layout = type.requireLayout();
        return new AmortizedBatchResponse(type, list(most, () -> bytes(layout.blinded())), bytes(layout.proof()));
    }

    GenericBatchRequest genericRequest(int most) {
        return new GenericBatchRequest(list(most, this::request));
    }

    GenericBatchResponse genericResponse(int most) {
        return new GenericBatchResponse(
                list(most, () -> random.nextInt(4) == 0 ? Optional.<TokenResponse>empty() : Optional.of(response())));
    }

    SplittableRandom random() {
        return random;
    }
}
