package dev.masque.privacypass.blindrsa;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicPowerTest {
    private static void sameAsModPow(BigInteger modulus, BigInteger number) {
        assertThat(new PublicPower(modulus).of(number)).isEqualTo(number.modPow(BigInteger.valueOf(65537), modulus));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aPowerIsWhatTheJdkSaysItIs(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            BigInteger modulus =
                    new BigInteger(PublicPower.BITS, random).setBit(0).setBit(PublicPower.BITS - 1);
            sameAsModPow(modulus, new BigInteger(PublicPower.BITS, random).mod(modulus));
        }
    }

    @Test
    void theLargestAndSmallestNumbersFit() {
        BigInteger power = BigInteger.ONE.shiftLeft(PublicPower.BITS);
        BigInteger half = BigInteger.ONE.shiftLeft(PublicPower.BITS - 1);
        for (BigInteger modulus : new BigInteger[] {power.subtract(BigInteger.ONE), half.add(BigInteger.ONE)}) {
            for (int i = 0; i < 4; i++) {
                sameAsModPow(modulus, BigInteger.valueOf(i));
                sameAsModPow(modulus, modulus.subtract(BigInteger.valueOf(i + 1)));
                sameAsModPow(modulus, half.subtract(BigInteger.valueOf(i + 1)));
                sameAsModPow(modulus, half.shiftRight(57 * i).subtract(BigInteger.ONE)); // limbs of ones
            }
        }
    }
}
