package dev.masque.privacypass.voprf;

import java.math.BigInteger;

/** The field of ristretto255, p = 2^255 - 19; -1/p is 1/19 modulo 2^56. */
final class Field25519 extends FiveLimbField {
    static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

    private static final long NINETEENTH =
            BigInteger.valueOf(19).modInverse(BigInteger.ONE.shiftLeft(56)).longValueExact();

    Field25519() {
        super(P);
    }

    @Override
    void reduce(long t0, long t1, long t2, long t3, long t4, long t5, long t6, long t7, long t8, long t9, long[] out) {
        long q0 = (t0 * NINETEENTH) & MASK;
        t1 += (t0 - 19 * q0) >> 56;
        t4 += (q0 << 31) & MASK;
        t5 += q0 >>> 25;
        long q1 = (t1 * NINETEENTH) & MASK;
        t2 += (t1 - 19 * q1) >> 56;
        t5 += (q1 << 31) & MASK;
        t6 += q1 >>> 25;
        long q2 = (t2 * NINETEENTH) & MASK;
        t3 += (t2 - 19 * q2) >> 56;
        t6 += (q2 << 31) & MASK;
        t7 += q2 >>> 25;
        long q3 = (t3 * NINETEENTH) & MASK;
        t4 += (t3 - 19 * q3) >> 56;
        t7 += (q3 << 31) & MASK;
        t8 += q3 >>> 25;
        long q4 = (t4 * NINETEENTH) & MASK;
        t5 += (t4 - 19 * q4) >> 56;
        t8 += (q4 << 31) & MASK;
        t9 += q4 >>> 25;
        out[0] = t5 & MASK;
        t6 += t5 >> 56;
        out[1] = t6 & MASK;
        t7 += t6 >> 56;
        out[2] = t7 & MASK;
        t8 += t7 >> 56;
        out[3] = t8 & MASK;
        t9 += t8 >> 56;
        out[4] = t9;
    }
}
