package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;

/**
 * A random number r that hides the operand of one private operation, as r^e and r^-1 modulo each prime. Squaring gives the
 * next one, which saves the inversions; after {@link #MAX_USES} of them a fresh one is drawn. Immutable.
 */
final class BlindingFactor {
    static final int MAX_USES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** r^e modulo the primes. */
    final BigInteger powerP;

    final BigInteger powerQ;
    /** r^-1 modulo the primes. */
    final BigInteger inverseP;

    final BigInteger inverseQ;
    private final int uses;

    private BlindingFactor(BigInteger powerP, BigInteger powerQ, BigInteger inverseP, BigInteger inverseQ, int uses) {
        this.powerP = powerP;
        this.powerQ = powerQ;
        this.inverseP = inverseP;
        this.inverseQ = inverseQ;
        this.uses = uses;
    }

    static BlindingFactor create(RSAPrivateCrtKey key) {
        BigInteger p = key.getPrimeP();
        BigInteger q = key.getPrimeQ();
        BigInteger rp = unit(p);
        BigInteger rq = unit(q);
        BigInteger e = key.getPublicExponent();
        return new BlindingFactor(rp.modPow(e, p), rq.modPow(e, q), rp.modInverse(p), rq.modInverse(q), 1);
    }

    private static BigInteger unit(BigInteger prime) {
        while (true) {
            BigInteger r = new BigInteger(prime.bitLength(), RANDOM);
            if (r.signum() == 1 && r.compareTo(prime) < 0) {
                return r;
            }
        }
    }

    BlindingFactor next(Barrett p, Barrett q) {
        return new BlindingFactor(
                p.product(powerP, powerP),
                q.product(powerQ, powerQ),
                p.product(inverseP, inverseP),
                q.product(inverseQ, inverseQ),
                uses + 1);
    }

    boolean isSpent() {
        return uses > MAX_USES;
    }
}
