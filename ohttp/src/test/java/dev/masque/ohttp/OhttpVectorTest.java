package dev.masque.ohttp;

import static dev.masque.ohttp.OhttpVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9458, appendix A. */
class OhttpVectorTest {
    private final JsonNode vector = OhttpVectors.read("rfc9458-ohttp/appendix-a.rfc9458.json");

    @Test
    void theKeyConfigurationIsRead() throws Exception {
        List<KeyConfig> configs = KeyConfig.parseList(buffer("ohttp_keys_media_type"));

        assertThat(configs).containsExactly(KeyConfig.parse(buffer("key_config")));
        KeyConfig config = configs.get(0);
        assertThat(config.keyId()).isEqualTo(1);
        assertThat(config.kemId()).isEqualTo(32);
        assertThat(config.publicKey()).isEqualTo(ByteBuffer.wrap(bytes(vector.get("key_config_parsed"), "public_key")));
        assertThat(config.algorithms()).containsExactly(new SymmetricAlgorithms(1, 1), new SymmetricAlgorithms(1, 3));
        assertThat(KeyConfig.encodeList(configs)).isEqualTo(buffer("ohttp_keys_media_type"));
        assertThat(config.encode()).isEqualTo(buffer("key_config"));
    }

    @Test
    void theClientEncapsulatesTheRequestAndOpensTheResponse() throws Exception {
        KeyConfig config = KeyConfig.parse(buffer("key_config"));

        ClientExchange exchange =
                ClientExchange.start(config, new FixedRandom(bytes(vector, "client_ephemeral_private_key")));

        assertThat(exchange.seal(buffer("request_bhttp"))).isEqualTo(buffer("encapsulated_request"));
        assertThat(exchange.open(buffer("encapsulated_response"))).isEqualTo(buffer("response_bhttp"));
    }

    @Test
    void theGatewayOpensTheRequestAndEncapsulatesTheResponse() throws Exception {
        GatewayKey key = GatewayKey.restore(1, KeyType.X25519, buffer("gateway_private_key"));
        GatewayKeys keys = GatewayKeys.of(List.of(key), new FixedRandom(bytes(vector, "response_nonce")));

        GatewayExchange exchange = keys.open(buffer("encapsulated_request"));

        assertThat(exchange.request()).isEqualTo(buffer("request_bhttp"));
        assertThat(exchange.encapsulatedKey()).isEqualTo(buffer("client_ephemeral_public_key"));
        assertThat(exchange.seal(buffer("response_bhttp"))).isEqualTo(buffer("encapsulated_response"));
    }

    private ByteBuffer buffer(String member) {
        return ByteBuffer.wrap(bytes(vector, member));
    }
}
