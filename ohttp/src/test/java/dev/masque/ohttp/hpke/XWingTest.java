package dev.masque.ohttp.hpke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.masque.ohttp.ClientExchange;
import dev.masque.ohttp.FixedRandom;
import dev.masque.ohttp.GatewayExchange;
import dev.masque.ohttp.GatewayKey;
import dev.masque.ohttp.GatewayKeys;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.OhttpException;
import dev.masque.ohttp.OhttpVectors;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class XWingTest {
    private static final XWing KEM = new XWing();

    static Stream<JsonNode> vectors() {
        return OhttpVectors.each(OhttpVectors.read("xwing/appendix-c.draft-connolly-cfrg-xwing-kem-11.json"));
    }

    /** The secret is of both public keys and both ciphertexts, so that it is right only if they are. */
    @ParameterizedTest
    @MethodSource("vectors")
    void theSecretIsToldAndUnderstood(JsonNode vector) throws Exception {
        byte[] seed = OhttpVectors.bytes(vector, "seed");
        byte[] secret = OhttpVectors.bytes(vector, "ss");
        byte[] publicKey = KEM.publicKey(seed);
        KemAlgorithm.Encapsulated made =
                KEM.encapsulate(publicKey, new FixedRandom(OhttpVectors.bytes(vector, "eseed")));

        assertThat(made.secret()).isEqualTo(secret);
        assertThat(KEM.decapsulate(seed, publicKey, made.sent())).isEqualTo(secret);
        if (vector.has("pk_sha256")) { // of the longer ones their digests are here
            assertThat(digest(publicKey)).isEqualTo(OhttpVectors.bytes(vector, "pk_sha256"));
            assertThat(digest(made.sent())).isEqualTo(OhttpVectors.bytes(vector, "ct_sha256"));
        }
    }

    @Test
    void whatIsNoneIsRefused() throws Exception {
        assertThatThrownBy(() -> KEM.checkPublicKey(new byte[1215])).isInstanceOf(HpkeException.class);
        assertThatThrownBy(() -> KEM.checkPrivateKey(new byte[31])).isInstanceOf(HpkeException.class);
        byte[] overTheModulus = new byte[1216];
        Arrays.fill(overTheModulus, (byte) 0xff);
        assertThatThrownBy(() -> KEM.checkPublicKey(overTheModulus)).isInstanceOf(HpkeException.class);
        byte[] seed = KEM.newPrivateKey(new SecureRandom());
        byte[] publicKey = KEM.publicKey(seed);
        assertThatThrownBy(() -> KEM.decapsulate(seed, publicKey, new byte[1119]))
                .isInstanceOf(HpkeException.class);
        byte[] zeros = KEM.encapsulate(publicKey, new SecureRandom()).sent();
        Arrays.fill(zeros, 1088, 1120, (byte) 0); // the point of X25519
        assertThatThrownBy(() -> KEM.decapsulate(seed, publicKey, zeros)).isInstanceOf(HpkeException.class);
    }

    @Test
    void requestsAndResponsesComeThrough() throws Exception {
        GatewayKey key = GatewayKey.generate(9, KeyType.X_WING, new SecureRandom());
        KeyConfig config =
                KeyConfig.parseList(KeyConfig.encodeList(List.of(key.config()))).get(0);
        assertThat(config.kemId()).isEqualTo(0x647a);
        GatewayKeys keys = GatewayKeys.of(List.of(key));

        ClientExchange client = ClientExchange.start(config);
        ByteBuffer request = client.seal(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer changed = ByteBuffer.wrap(request.array().clone()).put(500, (byte) ~request.get(500));
        GatewayExchange gateway = keys.open(request);

        assertThat(gateway.request()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(client.open(gateway.seal(ByteBuffer.wrap(new byte[] {4}))))
                .isEqualTo(ByteBuffer.wrap(new byte[] {4}));
        assertThatThrownBy(() -> keys.open(changed)).isInstanceOf(OhttpException.class);
    }

    private static byte[] digest(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
