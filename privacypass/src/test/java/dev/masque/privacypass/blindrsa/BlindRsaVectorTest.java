package dev.masque.privacypass.blindrsa;

import static dev.masque.privacypass.blindrsa.Vectors.hex;
import static dev.masque.privacypass.blindrsa.Vectors.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlindRsaVectorTest {
    static Stream<JsonNode> rfc9474() {
        return Stream.of(
                        "rsabssa-sha384.rfc9474.json",
                        "rsabssa-sha384-psszero-deterministic.alternate-blind.blindrsa-ts.json")
                .flatMap(file -> Vectors.stream(Vectors.read("rfc9474-blind-rsa/" + file)));
    }

    private static BlindRsa variant(JsonNode vector) {
        return Arrays.stream(BlindRsa.values())
                .filter(each -> each.toString().equals(vector.get("variant").asText()))
                .findFirst()
                .orElseThrow();
    }

    private static BlindRsaPrivateKey key(JsonNode vector) throws Exception {
        return BlindRsaPrivateKey.ofPrimes(number(vector, "p"), number(vector, "q"), number(vector, "e"));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("rfc9474")
    void everyStepOfRfc9474GivesTheBytesOfItsAppendix(JsonNode vector) throws Exception {
        BlindRsa variant = variant(vector);
        BlindRsaPrivateKey key = key(vector);
        BigInteger n = number(vector, "n");
        byte[] prepared = hex(vector, "prepared_msg");
        byte[] salt = hex(vector, "salt");
        assertThat(EmsaPss.encode("SHA-384", prepared, n.bitLength() - 1, salt)).isEqualTo(hex(vector, "encoded_msg"));

        PendingSignature pending = variant.blind(
                key.publicKey(), prepared, salt, number(vector, "inv").modInverse(n));

        assertThat(pending.blindedMessage()).isEqualTo(hex(vector, "blinded_msg"));
        byte[] blindSignature = key.blindSign(pending.blindedMessage());
        assertThat(blindSignature).isEqualTo(hex(vector, "blind_sig"));
        assertThat(pending.finish(blindSignature)).isEqualTo(hex(vector, "sig"));
        variant.verify(key.publicKey(), prepared, hex(vector, "sig"));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("rfc9474")
    void preparingPutsARandomPrefixBeforeTheMessageInTheRandomizedVariantsOnly(JsonNode vector) {
        byte[] message = hex(vector, "msg");
        byte[] prepared = variant(vector).prepare(message);
        assertThat(prepared).hasSameSizeAs(hex(vector, "prepared_msg")).endsWith(message);
        if (hex(vector, "msg_prefix").length == 0) {
            assertThat(prepared).isEqualTo(message);
        } else {
            assertThat(variant(vector).prepare(message)).isNotEqualTo(prepared);
        }
    }

    @Test
    void emsaPssWorksWithAnyHash() {
        JsonNode vector = Vectors.read("rfc9474-blind-rsa/emsa-pss-sha1.blindrsa-ts.json");
        assertThat(EmsaPss.encode(
                        "SHA-1", hex(vector, "msg"), vector.get("em_bits").asInt(), hex(vector, "salt")))
                .isEqualTo(hex(vector, "expected"));
    }

    static Stream<JsonNode> partiallyBlind() {
        return Vectors.stream(Vectors.read(
                "partially-blind-rsa/rsapbssa-sha384-pss-deterministic.draft-irtf-cfrg-partially-blind-rsa.json"));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("partiallyBlind")
    void everyStepOfThePartiallyBlindDraftGivesTheBytesOfItsAppendix(JsonNode vector) throws Exception {
        BlindRsaPrivateKey key = key(vector);
        byte[] info = hex(vector, "info");
        byte[] message = hex(vector, "msg");
        assertThat(PartiallyBlindRsa.derive(key.publicKey(), info).exponent()).isEqualTo(number(vector, "eprime"));

        PendingSignature pending =
                PartiallyBlindRsa.blind(key.publicKey(), info, message, hex(vector, "salt"), number(vector, "r"));

        assertThat(pending.blindedMessage()).isEqualTo(hex(vector, "blind_msg"));
        byte[] blindSignature = PartiallyBlindRsa.blindSign(key, info, pending.blindedMessage());
        assertThat(blindSignature).isEqualTo(hex(vector, "blind_sig"));
        assertThat(pending.finish(blindSignature)).isEqualTo(hex(vector, "sig"));
        PartiallyBlindRsa.verify(key.publicKey(), info, message, hex(vector, "sig"));
        byte[] otherInfo = {1};
        assertThatExceptionOfType(SignatureException.class)
                .isThrownBy(() -> PartiallyBlindRsa.verify(key.publicKey(), otherInfo, message, hex(vector, "sig")));
    }

    @Test
    void wycheproofSignaturesAreAcceptedOrRefusedAsTheySay() throws Exception {
        JsonNode file = Vectors.read("wycheproof/rsa_pss_2048_sha384_mgf1_48_test.json");
        for (JsonNode group : file.get("testGroups")) {
            JsonNode numbers = group.get("publicKey");
            BlindRsaPublicKey key = BlindRsaPublicKey.of((RSAPublicKey) java.security.KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new RSAPublicKeySpec(number(numbers, "modulus"), number(numbers, "publicExponent"))));
            for (JsonNode test : group.get("tests")) {
                var result = assertThatCode(
                                () -> BlindRsa.PSS_DETERMINISTIC.verify(key, hex(test, "msg"), hex(test, "sig")))
                        .as("%s %s", test.get("tcId"), test.get("comment"));
                if (test.get("result").asText().equals("valid")) {
                    result.doesNotThrowAnyException();
                } else {
                    result.isInstanceOf(SignatureException.class);
                }
            }
        }
    }
}
