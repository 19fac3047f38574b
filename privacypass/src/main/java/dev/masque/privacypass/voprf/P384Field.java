package dev.masque.privacypass.voprf;

import java.math.BigInteger;

/**
 * The field of P-384, p = 2^384 - 2^128 - 2^96 + 2^32 - 1: products unrolled, and a Montgomery reduction that needs shifts
 * only, because -1/p is 2^32 + 1 modulo 2^56.
 */
final class P384Field extends MontgomeryField {
    static final BigInteger P = BigInteger.ONE
            .shiftLeft(384)
            .subtract(BigInteger.ONE.shiftLeft(128))
            .subtract(BigInteger.ONE.shiftLeft(96))
            .add(BigInteger.ONE.shiftLeft(32))
            .subtract(BigInteger.ONE);

    P384Field() {
        super(P);
    }

    private static long high(long a, long b) {
        return Math.multiplyHigh(a, b);
    }

    @Override
    void mul(long[] a, long[] b, long[] out) {
        long a0 = a[0];
        long a1 = a[1];
        long a2 = a[2];
        long a3 = a[3];
        long a4 = a[4];
        long a5 = a[5];
        long a6 = a[6];
        long x0 = a0 << 4;
        long x1 = a1 << 4;
        long x2 = a2 << 4;
        long x3 = a3 << 4;
        long x4 = a4 << 4;
        long x5 = a5 << 4;
        long x6 = a6 << 4;
        long b0 = b[0];
        long b1 = b[1];
        long b2 = b[2];
        long b3 = b[3];
        long b4 = b[4];
        long b5 = b[5];
        long b6 = b[6];
        long y0 = b0 << 4;
        long y1 = b1 << 4;
        long y2 = b2 << 4;
        long y3 = b3 << 4;
        long y4 = b4 << 4;
        long y5 = b5 << 4;
        long y6 = b6 << 4;
        long h0 = high(x0, y0);
        long t0 = a0 * b0 - (h0 << 56);
        long h1 = high(x0, y1) + high(x1, y0);
        long t1 = a0 * b1 + a1 * b0 - (h1 << 56) + h0;
        long h2 = high(x0, y2) + high(x1, y1) + high(x2, y0);
        long t2 = a0 * b2 + a1 * b1 + a2 * b0 - (h2 << 56) + h1;
        long h3 = high(x0, y3) + high(x1, y2) + high(x2, y1) + high(x3, y0);
        long t3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - (h3 << 56) + h2;
        long h4 = high(x0, y4) + high(x1, y3) + high(x2, y2) + high(x3, y1) + high(x4, y0);
        long t4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (h4 << 56) + h3;
        long h5 = high(x0, y5) + high(x1, y4) + high(x2, y3) + high(x3, y2) + high(x4, y1) + high(x5, y0);
        long t5 = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 - (h5 << 56) + h4;
        long h6 =
                high(x0, y6) + high(x1, y5) + high(x2, y4) + high(x3, y3) + high(x4, y2) + high(x5, y1) + high(x6, y0);
        long t6 = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 - (h6 << 56) + h5;
        long h7 = high(x1, y6) + high(x2, y5) + high(x3, y4) + high(x4, y3) + high(x5, y2) + high(x6, y1);
        long t7 = a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 - (h7 << 56) + h6;
        long h8 = high(x2, y6) + high(x3, y5) + high(x4, y4) + high(x5, y3) + high(x6, y2);
        long t8 = a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 - (h8 << 56) + h7;
        long h9 = high(x3, y6) + high(x4, y5) + high(x5, y4) + high(x6, y3);
        long t9 = a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 - (h9 << 56) + h8;
        long h10 = high(x4, y6) + high(x5, y5) + high(x6, y4);
        long t10 = a4 * b6 + a5 * b5 + a6 * b4 - (h10 << 56) + h9;
        long h11 = high(x5, y6) + high(x6, y5);
        long t11 = a5 * b6 + a6 * b5 - (h11 << 56) + h10;
        long h12 = high(x6, y6);
        long t12 = a6 * b6 - (h12 << 56) + h11;
        reduce(t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, h12, out);
    }

    @Override
    void sqr(long[] a, long[] out) {
        long a0 = a[0];
        long a1 = a[1];
        long a2 = a[2];
        long a3 = a[3];
        long a4 = a[4];
        long a5 = a[5];
        long a6 = a[6];
        long x0 = a0 << 4;
        long x1 = a1 << 4;
        long x2 = a2 << 4;
        long x3 = a3 << 4;
        long x4 = a4 << 4;
        long x5 = a5 << 4;
        long x6 = a6 << 4;
        long h0 = high(x0, x0);
        long t0 = a0 * a0 - (h0 << 56);
        long h1 = 2 * high(x0, x1);
        long t1 = 2 * a0 * a1 - (h1 << 56) + h0;
        long h2 = 2 * high(x0, x2) + high(x1, x1);
        long t2 = 2 * a0 * a2 + a1 * a1 - (h2 << 56) + h1;
        long h3 = 2 * (high(x0, x3) + high(x1, x2));
        long t3 = 2 * (a0 * a3 + a1 * a2) - (h3 << 56) + h2;
        long h4 = 2 * (high(x0, x4) + high(x1, x3)) + high(x2, x2);
        long t4 = 2 * (a0 * a4 + a1 * a3) + a2 * a2 - (h4 << 56) + h3;
        long h5 = 2 * (high(x0, x5) + high(x1, x4) + high(x2, x3));
        long t5 = 2 * (a0 * a5 + a1 * a4 + a2 * a3) - (h5 << 56) + h4;
        long h6 = 2 * (high(x0, x6) + high(x1, x5) + high(x2, x4)) + high(x3, x3);
        long t6 = 2 * (a0 * a6 + a1 * a5 + a2 * a4) + a3 * a3 - (h6 << 56) + h5;
        long h7 = 2 * (high(x1, x6) + high(x2, x5) + high(x3, x4));
        long t7 = 2 * (a1 * a6 + a2 * a5 + a3 * a4) - (h7 << 56) + h6;
        long h8 = 2 * (high(x2, x6) + high(x3, x5)) + high(x4, x4);
        long t8 = 2 * (a2 * a6 + a3 * a5) + a4 * a4 - (h8 << 56) + h7;
        long h9 = 2 * (high(x3, x6) + high(x4, x5));
        long t9 = 2 * (a3 * a6 + a4 * a5) - (h9 << 56) + h8;
        long h10 = 2 * high(x4, x6) + high(x5, x5);
        long t10 = 2 * a4 * a6 + a5 * a5 - (h10 << 56) + h9;
        long h11 = 2 * high(x5, x6);
        long t11 = 2 * a5 * a6 - (h11 << 56) + h10;
        long h12 = high(x6, x6);
        long t12 = a6 * a6 - (h12 << 56) + h11;
        reduce(t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, h12, out);
    }

    /** Adds q * p seven times, so that the seven low limbs vanish. */
    private static void reduce(
            long t0,
            long t1,
            long t2,
            long t3,
            long t4,
            long t5,
            long t6,
            long t7,
            long t8,
            long t9,
            long t10,
            long t11,
            long t12,
            long t13,
            long[] out) {
        long q0 = (t0 + (t0 << 32)) & MASK;
        t1 += ((t0 + ((q0 << 32) & MASK) - q0) >> 56) + (q0 >>> 24) - ((q0 << 40) & MASK);
        t2 -= (q0 >>> 16) + ((q0 << 16) & MASK);
        t3 -= q0 >>> 40;
        t6 += (q0 << 48) & MASK;
        t7 += q0 >>> 8;
        long q1 = (t1 + (t1 << 32)) & MASK;
        t2 += ((t1 + ((q1 << 32) & MASK) - q1) >> 56) + (q1 >>> 24) - ((q1 << 40) & MASK);
        t3 -= (q1 >>> 16) + ((q1 << 16) & MASK);
        t4 -= q1 >>> 40;
        t7 += (q1 << 48) & MASK;
        t8 += q1 >>> 8;
        long q2 = (t2 + (t2 << 32)) & MASK;
        t3 += ((t2 + ((q2 << 32) & MASK) - q2) >> 56) + (q2 >>> 24) - ((q2 << 40) & MASK);
        t4 -= (q2 >>> 16) + ((q2 << 16) & MASK);
        t5 -= q2 >>> 40;
        t8 += (q2 << 48) & MASK;
        t9 += q2 >>> 8;
        long q3 = (t3 + (t3 << 32)) & MASK;
        t4 += ((t3 + ((q3 << 32) & MASK) - q3) >> 56) + (q3 >>> 24) - ((q3 << 40) & MASK);
        t5 -= (q3 >>> 16) + ((q3 << 16) & MASK);
        t6 -= q3 >>> 40;
        t9 += (q3 << 48) & MASK;
        t10 += q3 >>> 8;
        long q4 = (t4 + (t4 << 32)) & MASK;
        t5 += ((t4 + ((q4 << 32) & MASK) - q4) >> 56) + (q4 >>> 24) - ((q4 << 40) & MASK);
        t6 -= (q4 >>> 16) + ((q4 << 16) & MASK);
        t7 -= q4 >>> 40;
        t10 += (q4 << 48) & MASK;
        t11 += q4 >>> 8;
        long q5 = (t5 + (t5 << 32)) & MASK;
        t6 += ((t5 + ((q5 << 32) & MASK) - q5) >> 56) + (q5 >>> 24) - ((q5 << 40) & MASK);
        t7 -= (q5 >>> 16) + ((q5 << 16) & MASK);
        t8 -= q5 >>> 40;
        t11 += (q5 << 48) & MASK;
        t12 += q5 >>> 8;
        long q6 = (t6 + (t6 << 32)) & MASK;
        t7 += ((t6 + ((q6 << 32) & MASK) - q6) >> 56) + (q6 >>> 24) - ((q6 << 40) & MASK);
        t8 -= (q6 >>> 16) + ((q6 << 16) & MASK);
        t9 -= q6 >>> 40;
        t12 += (q6 << 48) & MASK;
        t13 += q6 >>> 8;
        out[0] = t7 & MASK;
        t8 += t7 >> 56;
        out[1] = t8 & MASK;
        t9 += t8 >> 56;
        out[2] = t9 & MASK;
        t10 += t9 >> 56;
        out[3] = t10 & MASK;
        t11 += t10 >> 56;
        out[4] = t11 & MASK;
        t12 += t11 >> 56;
        out[5] = t12 & MASK;
        t13 += t12 >> 56;
        out[6] = t13;
    }
}
