package dev.masque.ohttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyConfigTest {
    private final SecureRandom random = new SecureRandom();
    private final KeyConfig x25519 =
            GatewayKey.generate(1, KeyType.X25519, random).config();
    private final KeyConfig p256 =
            GatewayKey.generate(200, KeyType.P256, random).config();

    @Test
    void aListOfSeveralComesBack() throws Exception {
        List<KeyConfig> configs = List.of(x25519, p256);

        assertThat(KeyConfig.parseList(KeyConfig.encodeList(configs))).isEqualTo(configs);
    }

    @Test
    void aListCutAnywhereButBetweenConfigurationsIsRefusedWhole() throws Exception {
        byte[] list = KeyConfig.encodeList(List.of(x25519, p256)).array();
        int between = 2 + x25519.encode().remaining();

        for (int length = 0; length < list.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(list, 0, length);
            if (length == between) {
                assertThat(KeyConfig.parseList(cut)).containsExactly(x25519);
            } else {
                assertThatThrownBy(() -> KeyConfig.parseList(cut)).isInstanceOf(OhttpException.class);
            }
        }
    }

    @Test
    void aListWithAnInvalidKeyIsRefusedWhole() {
        byte[] list = KeyConfig.encodeList(List.of(x25519, p256)).array();
        list[2 + x25519.encode().remaining() + 2 + 3 + 64] ^= 1;

        assertThatThrownBy(() -> KeyConfig.parseList(ByteBuffer.wrap(list)))
                .isInstanceOfSatisfying(
                        OhttpException.class, e -> assertThat(e.kind()).isEqualTo(OhttpException.Kind.MALFORMED));
    }

    @Test
    void algorithmsOfTheWrongLengthAreRefused() {
        byte[] config = x25519.encode().array();
        for (int declared : new int[] {0, 2, 11, 16, 0xfffc}) {
            byte[] wrong = config.clone();
            wrong[35] = (byte) (declared >> 8);
            wrong[36] = (byte) declared;
            assertThatThrownBy(() -> KeyConfig.parse(ByteBuffer.wrap(wrong))).isInstanceOf(OhttpException.class);
        }
        assertThatThrownBy(() -> KeyConfig.parse(ByteBuffer.wrap(Arrays.copyOf(config, config.length + 4))))
                .isInstanceOf(OhttpException.class);
    }

    @Test
    void anUnknownMechanismIsPassedOver() throws Exception {
        byte[] unknown = {0, 5, 9, 0x12, 0x34, 1, 2};
        ByteBuffer known = KeyConfig.encodeList(List.of(x25519));
        ByteBuffer list = ByteBuffer.allocate(unknown.length + known.remaining())
                .put(unknown)
                .put(known)
                .flip();

        assertThat(KeyConfig.parseList(list)).containsExactly(x25519);
    }

    @Test
    void unknownAlgorithmsAreValuesThatAreNotChosen() throws Exception {
        KeyConfig odd = new KeyConfig(
                3,
                KeyType.X25519.kem(),
                x25519.key(),
                List.of(new SymmetricAlgorithms(2, 1), new SymmetricAlgorithms(1, 0xffff)));

        assertThat(KeyConfig.parse(odd.encode())).isEqualTo(odd);
        assertThat(odd.isUsable()).isFalse();
        assertThatThrownBy(() -> ClientExchange.start(odd))
                .isInstanceOfSatisfying(
                        OhttpException.class, e -> assertThat(e.kind()).isEqualTo(OhttpException.Kind.UNKNOWN_KEY));
    }

    @Test
    void anEmptyListIsMalformed() {
        assertThatThrownBy(() -> KeyConfig.parseList(ByteBuffer.allocate(0))).isInstanceOf(OhttpException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomBytesGiveAListOrTheDeclaredException(long seed) {
        var bytes = new SplittableRandom(seed);
        byte[] valid = KeyConfig.encodeList(List.of(x25519, p256)).array();
        for (int i = 0; i < 500; i++) {
            byte[] changed = valid.clone();
            for (int j = bytes.nextInt(1, 4); j > 0; j--) {
                changed[bytes.nextInt(changed.length)] = (byte) bytes.nextInt();
            }
            try {
                List<KeyConfig> configs = KeyConfig.parseList(ByteBuffer.wrap(changed));
                assertThat(configs).hasSizeLessThanOrEqualTo(2);
            } catch (OhttpException e) {
                assertThat(e.kind()).isEqualTo(OhttpException.Kind.MALFORMED);
            }
        }
    }
}
