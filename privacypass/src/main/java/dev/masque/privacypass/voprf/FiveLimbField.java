package dev.masque.privacypass.voprf;

import java.math.BigInteger;

/** A field of five limbs with its products unrolled; each prime has its own reduction, by shifts. */
abstract class FiveLimbField extends MontgomeryField {
    FiveLimbField(BigInteger modulus) {
        super(modulus);
    }

    private static long high(long a, long b) {
        return Math.multiplyHigh(a, b);
    }

    /** Divides ten columns by 2^280 modulo the prime, to weight 1. */
    abstract void reduce(
            long t0, long t1, long t2, long t3, long t4, long t5, long t6, long t7, long t8, long t9, long[] out);

    @Override
    final void mul(long[] a, long[] b, long[] out) {
        long a0 = a[0];
        long a1 = a[1];
        long a2 = a[2];
        long a3 = a[3];
        long a4 = a[4];
        long x0 = a0 << 4;
        long x1 = a1 << 4;
        long x2 = a2 << 4;
        long x3 = a3 << 4;
        long x4 = a4 << 4;
        long b0 = b[0];
        long b1 = b[1];
        long b2 = b[2];
        long b3 = b[3];
        long b4 = b[4];
        long y0 = b0 << 4;
        long y1 = b1 << 4;
        long y2 = b2 << 4;
        long y3 = b3 << 4;
        long y4 = b4 << 4;
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
        long h5 = high(x1, y4) + high(x2, y3) + high(x3, y2) + high(x4, y1);
        long t5 = a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 - (h5 << 56) + h4;
        long h6 = high(x2, y4) + high(x3, y3) + high(x4, y2);
        long t6 = a2 * b4 + a3 * b3 + a4 * b2 - (h6 << 56) + h5;
        long h7 = high(x3, y4) + high(x4, y3);
        long t7 = a3 * b4 + a4 * b3 - (h7 << 56) + h6;
        long h8 = high(x4, y4);
        long t8 = a4 * b4 - (h8 << 56) + h7;
        reduce(t0, t1, t2, t3, t4, t5, t6, t7, t8, h8, out);
    }

    @Override
    final void sqr(long[] a, long[] out) {
        long a0 = a[0];
        long a1 = a[1];
        long a2 = a[2];
        long a3 = a[3];
        long a4 = a[4];
        long x0 = a0 << 4;
        long x1 = a1 << 4;
        long x2 = a2 << 4;
        long x3 = a3 << 4;
        long x4 = a4 << 4;
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
        long h5 = 2 * (high(x1, x4) + high(x2, x3));
        long t5 = 2 * (a1 * a4 + a2 * a3) - (h5 << 56) + h4;
        long h6 = 2 * high(x2, x4) + high(x3, x3);
        long t6 = 2 * a2 * a4 + a3 * a3 - (h6 << 56) + h5;
        long h7 = 2 * high(x3, x4);
        long t7 = 2 * a3 * a4 - (h7 << 56) + h6;
        long h8 = high(x4, x4);
        long t8 = a4 * a4 - (h8 << 56) + h7;
        reduce(t0, t1, t2, t3, t4, t5, t6, t7, t8, h8, out);
    }
}
