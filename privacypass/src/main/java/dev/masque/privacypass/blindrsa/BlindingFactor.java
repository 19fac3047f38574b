package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;
import java.security.SecureRandom;

/**
 * A random number r that hides the operand of one private operation, as r^e and r^-1. Squaring both gives the next one,
 * which saves an inversion; after {@link #MAX_USES} of them a fresh one is drawn. Immutable.
 */
final class BlindingFactor {
    static final int MAX_USES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final BigInteger power;
    private final BigInteger inverse;
    private final int uses;

    private BlindingFactor(BigInteger power, BigInteger inverse, int uses) {
        this.power = power;
        this.inverse = inverse;
        this.uses = uses;
    }

    static BlindingFactor create(BlindRsaPublicKey key) {
        BigInteger n = key.modulus();
        while (true) {
            BigInteger r = new BigInteger(n.bitLength(), RANDOM);
            if (r.compareTo(n) < 0 && r.gcd(n).equals(BigInteger.ONE)) {
                return new BlindingFactor(r.modPow(key.exponent(), n), r.modInverse(n), 1);
            }
        }
    }

    BlindingFactor next(BigInteger n) {
        return new BlindingFactor(
                power.multiply(power).mod(n), inverse.multiply(inverse).mod(n), uses + 1);
    }

    boolean isSpent() {
        return uses > MAX_USES;
    }

    BigInteger power() {
        return power;
    }

    BigInteger inverse() {
        return inverse;
    }
}
