package dev.masque.ohttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncapsulationTest {
    private static final int AES_256 = 2;
    private final SecureRandom random = new SecureRandom();
    private final GatewayKey key = GatewayKey.generate(7, KeyType.X25519, random);
    private final GatewayKeys keys = GatewayKeys.of(List.of(key));

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void aRequestAndItsResponseComeThrough(KeyType type) throws Exception {
        GatewayKey own = GatewayKey.generate(255, type, random);
        for (SymmetricAlgorithms pair : own.config().algorithms()) {
            KeyConfig config = new KeyConfig(255, type.kem(), own.config().key(), List.of(pair));
            ClientExchange client = ClientExchange.start(config);
            GatewayExchange gateway = GatewayKeys.of(List.of(own)).open(client.seal(text("question")));

            assertThat(gateway.request()).isEqualTo(text("question"));
            assertThat(client.open(gateway.seal(text("answer")))).isEqualTo(text("answer"));
        }
    }

    @Test
    void everyExchangeHasAFreshContext() throws Exception {
        ByteBuffer first = ClientExchange.start(key.config()).seal(text("same"));
        ByteBuffer second = ClientExchange.start(key.config()).seal(text("same"));

        assertThat(first).isNotEqualTo(second);
        assertThat(keys.open(first).encapsulatedKey())
                .isNotEqualTo(keys.open(second).encapsulatedKey());
    }

    @Test
    void anExchangeSealsOnce() throws Exception {
        ClientExchange client = ClientExchange.start(key.config());
        client.seal(text("a"));

        assertThatThrownBy(() -> client.seal(text("b"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theSameRequestIsAnsweredUnderAnotherNonceEachTime() throws Exception {
        ByteBuffer request = ClientExchange.start(key.config()).seal(text("replayed"));
        ByteBuffer first = keys.open(request.duplicate()).seal(text("answer"));
        ByteBuffer second = keys.open(request.duplicate()).seal(text("answer"));

        assertThat(first.slice(0, 16)).isNotEqualTo(second.slice(0, 16));
    }

    @Test
    void anUnknownKeyIsSaidToBeUnknown() throws Exception {
        GatewayKey other = GatewayKey.generate(8, KeyType.X25519, random);

        assertRefused(ClientExchange.start(other.config()).seal(text("x")), OhttpException.Kind.UNKNOWN_KEY);
    }

    @Test
    void aReplacedKeyDoesNotOpen() throws Exception {
        GatewayKey before = GatewayKey.generate(7, KeyType.X25519, random);

        assertRefused(ClientExchange.start(before.config()).seal(text("x")), OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void algorithmsThatTheKeyDoesNotOfferAreUnknown() throws Exception {
        for (String suite : List.of("001000010001", "002000020001", "00200001ffff", "002000010004", "ffff00010001")) {
            byte[] request = ClientExchange.start(key.config()).seal(text("x")).array();
            System.arraycopy(HexFormat.of().parseHex(suite), 0, request, 1, 6);
            assertRefused(ByteBuffer.wrap(request), OhttpException.Kind.UNKNOWN_KEY);
        }
    }

    @Test
    void anotherCipherThanItWasMadeForDoesNotOpen() throws Exception {
        byte[] request = ClientExchange.start(key.config()).seal(text("x")).array();
        request[6] = AES_256;

        assertRefused(ByteBuffer.wrap(request), OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void anAllZeroEncapsulatedKeyIsRefused() throws Exception {
        byte[] request = ClientExchange.start(key.config()).seal(text("x")).array();
        Arrays.fill(request, 7, 39, (byte) 0);

        assertRefused(ByteBuffer.wrap(request), OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void aRequestCutOrGrownAnywhereIsRefused() throws Exception {
        byte[] request =
                ClientExchange.start(key.config()).seal(text("question")).array();

        for (int length = 0; length < request.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(request, 0, length);
            assertThatThrownBy(() -> keys.open(cut))
                    .isInstanceOf(OhttpException.class)
                    .hasNoCause();
        }
        ByteBuffer grown = ByteBuffer.wrap(Arrays.copyOf(request, request.length + 1));
        assertThatThrownBy(() -> keys.open(grown)).isInstanceOf(OhttpException.class);
    }

    @Test
    void aResponseCutGrownOrChangedAnywhereIsRefused() throws Exception {
        ClientExchange client = ClientExchange.start(key.config());
        byte[] response = keys.open(client.seal(text("q"))).seal(text("answer")).array();

        for (int length = 0; length < response.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(response, 0, length);
            assertThatThrownBy(() -> client.open(cut))
                    .isInstanceOf(OhttpException.class)
                    .hasNoCause();
        }
        for (int at = 0; at < response.length; at++) {
            byte[] changed = response.clone();
            changed[at] ^= 0x40;
            assertThatThrownBy(() -> client.open(ByteBuffer.wrap(changed))).isInstanceOf(OhttpException.class);
        }
        ByteBuffer grown = ByteBuffer.wrap(Arrays.copyOf(response, response.length + 1));
        assertThatThrownBy(() -> client.open(grown)).isInstanceOf(OhttpException.class);
        assertThat(client.open(ByteBuffer.wrap(response))).isEqualTo(text("answer"));
    }

    @Test
    void anotherExchangesResponseIsRefused() throws Exception {
        ClientExchange client = ClientExchange.start(key.config());
        ByteBuffer foreign =
                keys.open(ClientExchange.start(key.config()).seal(text("q"))).seal(text("a"));

        assertThatThrownBy(() -> client.open(foreign)).isInstanceOf(OhttpException.class);
    }

    @Test
    void aChunkedRequestIsNoWholeOne() throws Exception {
        ByteBuffer chunked = ChunkedClientExchange.start(key.config()).request().last(text("q"));

        assertRefused(chunked, OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void directAndReadOnlyBuffersOpenToo() throws Exception {
        ByteBuffer request = ClientExchange.start(key.config()).seal(text("q"));
        ByteBuffer direct = ByteBuffer.allocateDirect(request.remaining())
                .put(request.duplicate())
                .flip();

        assertThat(keys.open(direct).request()).isEqualTo(text("q"));
        assertThat(keys.open(request.asReadOnlyBuffer()).request()).isEqualTo(text("q"));
    }

    @Test
    void noPrivateKeyIsShown() throws Exception {
        String secret = HexFormat.of().formatHex(key.exportPrivateKey().array());

        assertThat(key + " " + keys).doesNotContain(secret).isEqualTo("gateway key 7 for X25519 gateway keys [7]");
        assertThatThrownBy(() -> GatewayKey.restore(1, KeyType.P256, ByteBuffer.wrap(new byte[] {42, 43})))
                .isInstanceOf(OhttpException.class)
                .hasNoCause()
                .message()
                .doesNotContain("42")
                .doesNotContain("2a");
    }

    private void assertRefused(ByteBuffer request, OhttpException.Kind kind) {
        assertThatThrownBy(() -> keys.open(request))
                .isInstanceOfSatisfying(
                        OhttpException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
