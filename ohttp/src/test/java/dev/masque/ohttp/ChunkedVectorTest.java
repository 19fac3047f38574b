package dev.masque.ohttp;

import static dev.masque.ohttp.OhttpVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** draft-ietf-ohai-chunked-ohttp, appendix A. */
class ChunkedVectorTest {
    private final JsonNode vector = OhttpVectors.read("chunked-ohttp/appendix-a.draft-ietf-ohai-chunked-ohttp.json");

    @Test
    void theClientEncapsulatesTheRequest() throws Exception {
        ChunkedClientExchange exchange = client();

        assertThat(sealed(exchange.request(), vector.get("request_chunks")))
                .isEqualTo(bytes(vector, "encapsulated_request"));
    }

    @Test
    void theClientOpensTheResponse() throws Exception {
        List<byte[]> chunks = new ArrayList<>();
        ChunkOpener opener = client().response(ChunkOpener.CHUNK, c -> chunks.add(Encapsulation.bytes(c)));

        opener.decode(ByteBuffer.wrap(bytes(vector, "encapsulated_response")));
        opener.end();

        assertChunks(chunks, vector.get("response_chunks"));
    }

    @Test
    void theGatewayOpensTheRequestAndEncapsulatesTheResponse() throws Exception {
        GatewayKey key = GatewayKey.restore(1, KeyType.X25519, ByteBuffer.wrap(bytes(vector, "gateway_private_key")));
        GatewayKeys keys = GatewayKeys.of(List.of(key), new FixedRandom(bytes(vector, "response_nonce")));
        List<byte[]> chunks = new ArrayList<>();

        ChunkedGatewayExchange exchange = keys.openChunked(ChunkOpener.CHUNK, c -> chunks.add(Encapsulation.bytes(c)));
        exchange.request().decode(ByteBuffer.wrap(bytes(vector, "encapsulated_request")));
        exchange.request().end();

        assertChunks(chunks, vector.get("request_chunks"));
        assertThat(exchange.encapsulatedKey()).contains(ByteBuffer.wrap(bytes(vector, "request_enc")));
        assertThat(sealed(exchange.response(), vector.get("response_chunks")))
                .isEqualTo(bytes(vector, "encapsulated_response"));
    }

    private ChunkedClientExchange client() throws OhttpException {
        KeyConfig config = KeyConfig.parse(ByteBuffer.wrap(bytes(vector, "key_config")));
        return ChunkedClientExchange.start(config, new FixedRandom(bytes(vector, "client_ephemeral_private_key")));
    }

    private static byte[] sealed(ChunkSealer sealer, JsonNode chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (JsonNode chunk : chunks) {
            ByteBuffer plain = ByteBuffer.wrap(bytes(chunk, "plaintext"));
            out.writeBytes(
                    Encapsulation.bytes(chunk.get("final").asBoolean() ? sealer.last(plain) : sealer.chunk(plain)));
        }
        return out.toByteArray();
    }

    private static void assertChunks(List<byte[]> chunks, JsonNode expected) {
        assertThat(chunks)
                .containsExactlyElementsOf(OhttpVectors.each(expected)
                        .map(chunk -> bytes(chunk, "plaintext"))
                        .toList());
    }
}
