package dev.masque.ohttp.hpke;

import static dev.masque.ohttp.OhttpVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.masque.ohttp.OhttpVectors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The primitives against Project Wycheproof, as far as HPKE uses them. */
class WycheproofTest {
    @TestFactory
    Stream<DynamicTest> x25519AgreesAndRefusesZero() {
        return tests("x25519_test.json", test -> {
            byte[] shared = bytes(test, "shared");
            boolean refused = Arrays.equals(shared, new byte[32]);
            assertThat(agree(new X25519Group(), test)).isEqualTo(refused ? null : shared);
        });
    }

    @TestFactory
    Stream<DynamicTest> p256AgreesAndRefusesWhatIsNoPoint() {
        return tests("ecdh_secp256r1_ecpoint_test.json", test -> {
            boolean refused = !test.get("result").asText().equals("valid");
            assertThat(agree(new P256Group(), test)).isEqualTo(refused ? null : bytes(test, "shared"));
        });
    }

    @TestFactory
    Stream<DynamicTest> hkdfSpreads() {
        return tests("hkdf_sha256_test.json", test -> {
            int size = test.get("size").asInt();
            if (test.get("result").asText().equals("valid")) {
                byte[] prk = Hkdf.extract(bytes(test, "salt"), bytes(test, "ikm"));
                assertThat(Hkdf.expand(prk, size, bytes(test, "info"))).isEqualTo(bytes(test, "okm"));
            } else {
                assertThat(size).isGreaterThan(255 * 32);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aesGcmSealsAndOpens() {
        return tests("aes_gcm_test.json", test -> {
            int key = bytes(test, "key").length;
            if (key != 24) {
                sealsAndOpens(key == 16 ? Aead.AES_128_GCM : Aead.AES_256_GCM, test);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> chaChaSealsAndOpens() {
        return tests("chacha20_poly1305_test.json", test -> sealsAndOpens(Aead.CHACHA20_POLY1305, test));
    }

    private static void sealsAndOpens(Aead aead, JsonNode test) throws HpkeException {
        byte[] nonce = bytes(test, "iv");
        byte[] tag = bytes(test, "tag");
        if (nonce.length != Aead.NONCE_LENGTH || tag.length != Aead.TAG_LENGTH) {
            return;
        }
        byte[] plain = bytes(test, "msg");
        byte[] whole = concat(bytes(test, "ct"), tag);
        var key = aead.key(bytes(test, "key"));
        byte[] aad = bytes(test, "aad");
        byte @Nullable [] opened = null;
        try {
            opened = aead.open(key, nonce, aad, whole, 0, whole.length);
        } catch (HpkeException e) {
            assertThat(e).hasMessageContaining("does not open").hasNoCause();
        }
        if (test.get("result").asText().equals("valid")) {
            byte[] sealed = new byte[whole.length];
            aead.seal(key, nonce, aad, plain, 0, plain.length, sealed, 0);
            assertThat(sealed).isEqualTo(whole);
            assertThat(opened).isEqualTo(plain);
        } else {
            assertThat(opened).isNull();
        }
    }

    private static byte @Nullable [] agree(DhGroup group, JsonNode test) {
        byte[] key = bytes(test, "private");
        if (group instanceof P256Group) { // written as a signed number there
            byte[] fixed = new byte[32];
            int length = Math.min(32, key.length);
            System.arraycopy(key, key.length - length, fixed, 32 - length, length);
            key = fixed;
        }
        try {
            return group.agree(key, bytes(test, "public"));
        } catch (HpkeException e) {
            return null;
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static Stream<DynamicTest> tests(String file, Check check) {
        return OhttpVectors.wycheproof(file)
                .map(test -> DynamicTest.dynamicTest(
                        test.get("tcId") + " " + test.get("comment").asText(), () -> check.run(test)));
    }

    private interface Check {
        void run(JsonNode test) throws Exception;
    }
}
