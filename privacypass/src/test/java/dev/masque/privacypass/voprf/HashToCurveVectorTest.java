package dev.masque.privacypass.voprf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashToCurveVectorTest {
    private static JsonNode read(String file) throws IOException {
        String path = "/vectors/hash-to-curve/" + file;
        try (InputStream in = HashToCurveVectorTest.class.getResourceAsStream(path)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, path));
        }
    }

    private static byte[] ascii(JsonNode object, String field) {
        return object.get(field).asText().getBytes(StandardCharsets.US_ASCII);
    }

    private static BigInteger number(JsonNode point, String field) {
        return new BigInteger(point.get(field).asText().substring(2), 16);
    }

    @ParameterizedTest
    @CsvSource({
        "P384_SHA384, P384_XMD-SHA-384_SSWU_RO_.json",
        "P384_SHA384, P384_XMD-SHA-384_SSWU_NU_.json",
        "P256_SHA256, P256_XMD-SHA-256_SSWU_RO_.json",
        "P256_SHA256, P256_XMD-SHA-256_SSWU_NU_.json"
    })
    void messagesHashToThePointsOfRfc9380(OprfSuite suite, String file) throws Exception {
        WeierstrassGroup group = (WeierstrassGroup) suite.group();
        JsonNode vectors = read(file);
        byte[] tag = ascii(vectors, "dst");
        for (JsonNode vector : vectors.get("vectors")) {
            byte[] message = ascii(vector, "msg");
            long[][] point = vectors.get("randomOracle").asBoolean()
                    ? group.hashToGroup(message, tag)
                    : group.encodeToGroup(message, tag);
            byte[] encoded = group.encode(point);
            assertThat(new BigInteger(1, Arrays.copyOfRange(encoded, 1, encoded.length)))
                    .isEqualTo(number(vector.get("P"), "x"));
            assertThat(encoded[0])
                    .isEqualTo((byte) (number(vector.get("P"), "y").testBit(0) ? 3 : 2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expand_message_xmd_SHA256_38.json",
                "expand_message_xmd_SHA256_256.json",
                "expand_message_xmd_SHA512_38.json"
            })
    void expandedMessagesAreThoseOfRfc9380(String file) throws Exception {
        JsonNode vectors = read(file);
        String hash = vectors.get("hash").asText().replace("SHA", "SHA-");
        byte[] tag = ascii(vectors, "DST");
        if (tag.length > 255) {
            tag = hashed(hash, tag);
        }
        for (JsonNode test : vectors.get("tests")) {
            int length = Integer.decode(test.get("len_in_bytes").asText());
            assertThat(HexFormat.of().formatHex(ExpandMessage.xmd(hash, ascii(test, "msg"), tag, length)))
                    .isEqualTo(test.get("uniform_bytes").asText());
        }
    }

    /** RFC 9380, 5.3.3: tags of ours are short, so that the product has no need of this. */
    private static byte[] hashed(String hash, byte[] tag) throws GeneralSecurityException {
        var digest = java.security.MessageDigest.getInstance(hash);
        digest.update("H2C-OVERSIZE-DST-".getBytes(StandardCharsets.US_ASCII));
        return digest.digest(tag);
    }

    @Test
    void ristretto255MapsUniformBytesAsRfc9496Does() {
        RistrettoGroup group = (RistrettoGroup) OprfSuite.RISTRETTO255_SHA512.group();
        String[] pairs = {
            "5d1be09e3d0c82fc538112490e35701979d99e06ca3e2b5b54bffe8b4dc772c1"
                    + "4d98b696a1bbfb5ca32c436cc61c16563790306c79eaca7705668b47dffe5bb6",
            "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46",
            "f116b34b8f17ceb56e8732a60d913dd10cce47a6d53bee9204be8b44f6678b27"
                    + "0102a56902e2488c46120e9276cfe54638286b9e4b3cdb470b542d46c2068d38",
            "f26e5b6f7d362d2d2a94c5d0e7602cb4773c95a2e5c31a64f133189fa76ed61b"
        };
        for (int i = 0; i < pairs.length; i += 2) {
            byte[] encoded = group.encode(group.fromUniform(HexFormat.of().parseHex(pairs[i])));
            assertThat(HexFormat.of().formatHex(encoded)).isEqualTo(pairs[i + 1]);
        }
    }
}
