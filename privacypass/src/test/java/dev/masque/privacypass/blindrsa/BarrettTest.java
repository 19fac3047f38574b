package dev.masque.privacypass.blindrsa;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarrettTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void aRemainderIsWhatTheJdkSaysItIs(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int bits = 2 + random.nextInt(1100);
            BigInteger modulus = new BigInteger(bits, random).setBit(bits - 1);
            Barrett barrett = new Barrett(modulus);
            BigInteger square = modulus.multiply(modulus);
            for (BigInteger x : new BigInteger[] {
                BigInteger.ZERO,
                modulus,
                modulus.subtract(BigInteger.ONE),
                square,
                square.subtract(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(2 * bits).subtract(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(2 * bits),
                new BigInteger(2 * bits, random),
                new BigInteger(3 * bits, random),
                new BigInteger(bits, random).negate()
            }) {
                assertThat(barrett.reduce(x)).isEqualTo(x.mod(modulus));
            }
        }
    }
}
