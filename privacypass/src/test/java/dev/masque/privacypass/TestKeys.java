package dev.masque.privacypass;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.time.Instant;
import java.util.Base64;

/** Published keys, which are quicker than new ones. */
public final class TestKeys {
    private TestKeys() {}

    /** The private key of a vector. */
    static PrivateHalf half(TokenType type, JsonNode one) {
        byte[] encoded = Vectors.hex(one, "skS").toArray();
        if (!type.amortizes()) { // a PEM file
            String pem = new String(encoded, StandardCharsets.US_ASCII);
            encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
        }
        try {
            return PrivateHalf.parse(type, encoded);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A published key of a type that signs for years. */
    public static IssuerKey of(TokenType type) {
        return key(half(type, Vectors.read(file(type)).get(0)));
    }

    static IssuerKey key(PrivateHalf half) {
        return new IssuerKey(
                half, Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), Instant.parse("2101-01-01T00:00:00Z"));
    }

    /** An issuer's keys, one of each type. */
    public static IssuerKeys all() {
        return keys(
                TokenType.VOPRF_P384, TokenType.BLIND_RSA, TokenType.VOPRF_RISTRETTO255, TokenType.PARTIALLY_BLIND_RSA);
    }

    /** An issuer's keys, one of each of some types. */
    public static IssuerKeys keys(TokenType... types) {
        IssuerKeys.Builder builder = IssuerKeys.builder().rotatedByCaller();
        for (TokenType type : types) {
            builder.key(of(type));
        }
        return open(builder);
    }

    static IssuerKeys open(IssuerKeys.Builder builder) {
        try {
            return builder.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(TokenType type) {
        return switch (type.value()) {
            case 0x0001 -> "rfc9578-issuance/type-0001-voprf-p384.rfc9578.json";
            case 0x0002 -> "rfc9578-issuance/type-0002-blind-rsa-2048.rfc9578.json";
            case 0x0005 -> "batched-tokens/type-0005-voprf-ristretto255.draft-ietf-privacypass-batched-tokens.json";
            default -> "partially-blind-rsa/type-da7a-issuance.privacypass-ts.json";
        };
    }
}
