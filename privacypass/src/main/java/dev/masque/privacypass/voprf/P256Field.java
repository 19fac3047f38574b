package dev.masque.privacypass.voprf;

import java.math.BigInteger;

/** The field of P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1; -1/p is 1 modulo 2^56. */
final class P256Field extends FiveLimbField {
    static final BigInteger P = BigInteger.ONE
            .shiftLeft(256)
            .subtract(BigInteger.ONE.shiftLeft(224))
            .add(BigInteger.ONE.shiftLeft(192))
            .add(BigInteger.ONE.shiftLeft(96))
            .subtract(BigInteger.ONE);

    P256Field() {
        super(P);
    }

    @Override
    void reduce(long t0, long t1, long t2, long t3, long t4, long t5, long t6, long t7, long t8, long t9, long[] out) {
        long q0 = t0 & MASK;
        t1 += ((t0 - q0) >> 56) + ((q0 << 40) & MASK);
        t2 += q0 >>> 16;
        t3 += (q0 << 24) & MASK;
        t4 += (q0 >>> 32) - q0 + ((q0 << 32) & MASK);
        t5 += q0 >>> 24;
        long q1 = t1 & MASK;
        t2 += ((t1 - q1) >> 56) + ((q1 << 40) & MASK);
        t3 += q1 >>> 16;
        t4 += (q1 << 24) & MASK;
        t5 += (q1 >>> 32) - q1 + ((q1 << 32) & MASK);
        t6 += q1 >>> 24;
        long q2 = t2 & MASK;
        t3 += ((t2 - q2) >> 56) + ((q2 << 40) & MASK);
        t4 += q2 >>> 16;
        t5 += (q2 << 24) & MASK;
        t6 += (q2 >>> 32) - q2 + ((q2 << 32) & MASK);
        t7 += q2 >>> 24;
        long q3 = t3 & MASK;
        t4 += ((t3 - q3) >> 56) + ((q3 << 40) & MASK);
        t5 += q3 >>> 16;
        t6 += (q3 << 24) & MASK;
        t7 += (q3 >>> 32) - q3 + ((q3 << 32) & MASK);
        t8 += q3 >>> 24;
        long q4 = t4 & MASK;
        t5 += ((t4 - q4) >> 56) + ((q4 << 40) & MASK);
        t6 += q4 >>> 16;
        t7 += (q4 << 24) & MASK;
        t8 += (q4 >>> 32) - q4 + ((q4 << 32) & MASK);
        t9 += q4 >>> 24;
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
