package dev.masque.ohttp.hpke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HpkeTest {
    private static final byte[] AAD = {};
    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void pointsOfSmallOrderAreRefusedOnBothSides(String point) {
        byte[] key = HexFormat.of().parseHex(point);
        KeySchedule schedule = KeySchedule.of(Kem.X25519, Aead.AES_128_GCM, AAD);
        HpkeKeyPair keys = HpkeKeyPair.generate(Kem.X25519, random);

        assertThatThrownBy(() -> HpkeContext.receive(schedule, keys, key)).isInstanceOf(HpkeException.class);
        assertThatThrownBy(() -> HpkeContext.send(schedule, key, random)).isInstanceOf(HpkeException.class);
    }

    @ParameterizedTest
    @EnumSource(Kem.class)
    void keysOfTheWrongLengthAreRefused(Kem kem) {
        KeySchedule schedule = KeySchedule.of(kem, Aead.AES_128_GCM, AAD);
        HpkeKeyPair keys = HpkeKeyPair.generate(kem, random);

        for (int length : new int[] {0, 31, 33, 64, 66}) {
            assertThatThrownBy(() -> HpkeContext.receive(schedule, keys, new byte[length]))
                    .isInstanceOf(HpkeException.class);
            assertThatThrownBy(() -> HpkeKeyPair.of(kem, new byte[length])).isInstanceOf(HpkeException.class);
        }
    }

    @Test
    void pointsOffTheCurveAreRefused() {
        HpkeKeyPair keys = HpkeKeyPair.generate(Kem.P256, random);
        byte[] off = keys.publicKey();
        off[64] ^= 1;
        byte[] compressed = Arrays.copyOf(keys.publicKey(), 33);
        compressed[0] = 2;

        for (byte[] point : new byte[][] {off, compressed, new byte[65], {0}}) {
            assertThatThrownBy(() -> Kem.P256.checkPublicKey(point)).isInstanceOf(HpkeException.class);
        }
    }

    @Test
    void privateKeysOutOfRangeAreRefused() {
        byte[] order = HexFormat.of().parseHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

        assertThatThrownBy(() -> HpkeKeyPair.of(Kem.P256, order)).isInstanceOf(HpkeException.class);
        assertThatThrownBy(() -> HpkeKeyPair.of(Kem.P256, new byte[32])).isInstanceOf(HpkeException.class);
    }

    @ParameterizedTest
    @EnumSource(Aead.class)
    void aMessageThatComesTwiceOpensTwice(Aead aead) throws Exception {
        KeySchedule schedule = KeySchedule.of(Kem.X25519, aead, AAD);
        HpkeKeyPair keys = HpkeKeyPair.generate(Kem.X25519, random);
        HpkeContext.Sender sender = HpkeContext.send(schedule, keys.publicKey(), random);
        byte[] sealed = new byte[3 + Aead.TAG_LENGTH];
        sender.context().messages().seal(AAD, new byte[] {1, 2, 3}, 0, 3, sealed, 0);

        for (int i = 0; i < 20; i++) {
            HpkeContext receiver = HpkeContext.receive(schedule, keys, sender.encapsulated());
            assertThat(receiver.messages().open(AAD, sealed, 0, sealed.length)).containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest
    @EnumSource(Aead.class)
    void everyBitOfACiphertextCounts(Aead aead) throws Exception {
        KeySchedule schedule = KeySchedule.of(Kem.X25519, aead, AAD);
        HpkeKeyPair keys = HpkeKeyPair.generate(Kem.X25519, random);
        HpkeContext.Sender sender = HpkeContext.send(schedule, keys.publicKey(), random);
        byte[] sealed = new byte[5 + Aead.TAG_LENGTH];
        sender.context().messages().seal(AAD, new byte[5], 0, 5, sealed, 0);
        HpkeContext receiver = HpkeContext.receive(schedule, keys, sender.encapsulated());

        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> receiver.messages().open(AAD, flipped, 0, flipped.length))
                    .isInstanceOf(HpkeException.class)
                    .hasNoCause();
        }
        for (int length = 0; length < sealed.length; length++) {
            int shorter = length;
            assertThatThrownBy(() -> receiver.messages().open(AAD, sealed, 0, shorter))
                    .isInstanceOf(HpkeException.class);
        }
        assertThat(receiver.messages().open(AAD, sealed, 0, sealed.length)).hasSize(5);
    }

    @ParameterizedTest
    @EnumSource(Kem.class)
    void noPrivateKeyIsShown(Kem kem) {
        HpkeKeyPair keys = HpkeKeyPair.generate(kem, random);

        assertThat(keys.toString()).isEqualTo("a key pair for " + kem);
    }

    @Test
    void manyThreadsShareTheCiphers() throws Exception {
        KeySchedule schedule = KeySchedule.of(Kem.X25519, Aead.AES_128_GCM, AAD);
        HpkeKeyPair keys = HpkeKeyPair.generate(Kem.X25519, random);
        var workers = Executors.newFixedThreadPool(16);
        try {
            Callable<Boolean> exchange = () -> {
                byte[] plain = random.generateSeed(16);
                byte[] sealed = new byte[32];
                HpkeContext.Sender sender = HpkeContext.send(schedule, keys.publicKey(), random);
                sender.context().messages().seal(AAD, plain, 0, 16, sealed, 0);
                HpkeContext receiver = HpkeContext.receive(schedule, keys, sender.encapsulated());
                return Arrays.equals(plain, receiver.messages().open(AAD, sealed, 0, 32));
            };
            for (Future<Boolean> done : workers.invokeAll(
                    IntStream.range(0, 400).mapToObj(i -> exchange).toList())) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            workers.shutdownNow();
        }
    }
}
