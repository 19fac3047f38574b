package dev.masque.ohttp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** Whatever comes, a decoder gives a value or its own exception. Replays the corpus in the build. */
class OhttpFuzzTest {
    /** The published test key of RFC 9458, appendix A: what the corpus is made for. */
    private static final String KEY = "3c168975674b2fa8e465970b79c8dcf09f1c741626480bd4c6162fc5b6a98e1a";

    @FuzzTest
    void keyLists(byte[] data) {
        try {
            List<KeyConfig> configs = KeyConfig.parseList(ByteBuffer.wrap(data));
            if (!configs.isEmpty()) {
                assertThat(KeyConfig.parseList(KeyConfig.encodeList(configs))).isEqualTo(configs);
            }
        } catch (OhttpException e) {
            assertThat(e.kind()).isEqualTo(OhttpException.Kind.MALFORMED);
        }
    }

    @FuzzTest
    void requests(byte[] data) throws OhttpException {
        try {
            keys().open(ByteBuffer.wrap(data));
        } catch (OhttpException e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest
    void chunkedRequests(byte[] data) throws IOException {
        ChunkOpener opener = keys().openChunked(
                        ChunkOpener.CHUNK,
                        chunk -> assertThat(chunk.remaining()).isLessThanOrEqualTo(ChunkOpener.CHUNK))
                .request();
        try {
            opener.decode(ByteBuffer.wrap(data));
            opener.end();
        } catch (OhttpException e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest
    void responses(byte[] data) throws OhttpException {
        GatewayKey key = GatewayKey.restore(
                1, KeyType.X25519, ByteBuffer.wrap(HexFormat.of().parseHex(KEY)));
        try {
            ClientExchange.start(key.config()).open(ByteBuffer.wrap(data));
        } catch (OhttpException e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest
    void chunkedResponses(byte[] data) throws IOException {
        GatewayKey key = GatewayKey.restore(
                1, KeyType.X25519, ByteBuffer.wrap(HexFormat.of().parseHex(KEY)));
        ChunkedClientExchange exchange = ChunkedClientExchange.start(key.config());
        exchange.request().last(ByteBuffer.allocate(0));
        ChunkOpener opener = exchange.response(
                ChunkOpener.CHUNK, chunk -> assertThat(chunk.remaining()).isLessThanOrEqualTo(ChunkOpener.CHUNK));
        try {
            opener.decode(ByteBuffer.wrap(data));
            opener.end();
        } catch (OhttpException e) {
            assertThat(e).hasNoCause();
        }
    }

    private static GatewayKeys keys() throws OhttpException {
        return GatewayKeys.of(List.of(GatewayKey.restore(
                1, KeyType.X25519, ByteBuffer.wrap(HexFormat.of().parseHex(KEY)))));
    }
}
