package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;

/**
 * Remainders by one modulus with two multiplications, which BigInteger does in a third of the time of its division (Handbook of
 * Applied Cryptography, 14.42). Immutable.
 */
final class Barrett {
    private final BigInteger modulus;
    private final BigInteger reciprocal;
    private final int bits;

    Barrett(BigInteger modulus) {
        this.modulus = modulus;
        this.bits = modulus.bitLength();
        this.reciprocal = BigInteger.ONE.shiftLeft(2 * bits).divide(modulus);
    }

    BigInteger modulus() {
        return modulus;
    }

    /** x modulo the modulus. */
    BigInteger reduce(BigInteger x) {
        if (x.signum() < 0 || x.bitLength() > 2 * bits) {
            return x.mod(modulus);
        }
        BigInteger quotient = x.shiftRight(bits - 1).multiply(reciprocal).shiftRight(bits + 1);
        BigInteger rest = x.subtract(quotient.multiply(modulus));
        while (rest.compareTo(modulus) >= 0) { // twice at most
            rest = rest.subtract(modulus);
        }
        return rest;
    }

    BigInteger product(BigInteger x, BigInteger y) {
        return reduce(x.multiply(y));
    }
}
