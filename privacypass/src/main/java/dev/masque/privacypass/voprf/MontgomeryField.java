package dev.masque.privacypass.voprf;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Integers modulo an odd prime, in constant time: no branch and no index depends on a value. Stateless once made.
 *
 * <p>An element x is an array of limbs of 56 bits, lowest first, that holds x * 2^(56 * limbs) (Montgomery form). Limbs and
 * values are signed and not unique: the modulus leaves at least 8 bits of the top limb free, so sums and differences need no
 * reduction, and often not even a carry. The rule for callers: an element fresh from {@link #mul}, {@link #sqr} or
 * {@link #carry} has weight 1, sums and differences add the weights of their operands, and the weights of the two operands of
 * a product may be 7 at most, their product 16 at most (12 in a field of seven limbs that has no reduction of its own).
 * Values may grow to 16 times the modulus.
 *
 * <p>Why 56 bits: products of two limbs are split at bit 56 by shifting both operands left by 4 and taking the high word,
 * and seven of them can be summed in a {@code long} without looking at carries, which Java cannot see.
 */
class MontgomeryField {
    static final int LIMB_BITS = 56;
    static final long MASK = (1L << LIMB_BITS) - 1;
    private static final int WINDOW = 4; // bits of a public exponent taken at a time

    final int limbs;
    final int byteLength;
    final BigInteger modulus;
    private final long[] p;
    private final long factor; // -1 / p modulo 2^56
    private final long[] square; // 2^(2 * 56 * limbs) modulo p
    private final long[] one;
    private final long[] chunk; // 2^256 in Montgomery form
    private final byte[] inverseExponent;

    MontgomeryField(BigInteger modulus) {
        this.modulus = modulus;
        this.byteLength = (modulus.bitLength() + 7) / 8;
        this.limbs = (modulus.bitLength() + 8 + LIMB_BITS - 1) / LIMB_BITS;
        this.p = split(modulus);
        BigInteger radix = BigInteger.ONE.shiftLeft(LIMB_BITS);
        this.factor = radix.subtract(modulus.modInverse(radix)).longValueExact();
        BigInteger r = BigInteger.ONE.shiftLeft(LIMB_BITS * limbs);
        this.square = split(r.multiply(r).mod(modulus));
        this.one = split(r.mod(modulus));
        this.chunk = split(r.shiftLeft(256).mod(modulus));
        this.inverseExponent = modulus.subtract(BigInteger.TWO).toByteArray();
    }

    private long[] split(BigInteger value) {
        long[] out = new long[limbs];
        for (int i = 0; i < limbs; i++) {
            out[i] = value.shiftRight(LIMB_BITS * i).longValue() & MASK;
        }
        return out;
    }

    final long[] zero() {
        return new long[limbs];
    }

    final long[] one() {
        return one.clone();
    }

    /** A public constant, negative ones too. */
    final long[] constant(BigInteger value) {
        long[] out = split(value.mod(modulus));
        mul(out, square, out);
        return out;
    }

    /** out = a * b, of weight 1; out may be an operand. */
    void mul(long[] a, long[] b, long[] out) {
        int n = limbs;
        long[] t = new long[2 * n];
        for (int i = 0; i < n; i++) {
            long x = a[i];
            long shifted = x << 4;
            for (int j = 0; j < n; j++) {
                long high = Math.multiplyHigh(shifted, b[j] << 4);
                t[i + j] += x * b[j] - (high << LIMB_BITS); // exact: the difference has 56 bits
                t[i + j + 1] += high;
            }
        }
        for (int i = 0; i < n; i++) {
            long q = (t[i] * factor) & MASK;
            long shifted = q << 4;
            for (int j = 0; j < n; j++) {
                long high = Math.multiplyHigh(shifted, p[j] << 4);
                t[i + j] += q * p[j] - (high << LIMB_BITS);
                t[i + j + 1] += high;
            }
            t[i + 1] += t[i] >> LIMB_BITS; // the low bits are zero now
        }
        System.arraycopy(t, n, out, 0, n);
        carry(out);
    }

    /** out = a * a, of weight 1; out may be the operand, whose weight is 4 at most. */
    void sqr(long[] a, long[] out) {
        mul(a, a, out);
    }

    final void sqr(long[] a, int times, long[] out) {
        sqr(a, out);
        for (int i = 1; i < times; i++) {
            sqr(out, out);
        }
    }

    final void add(long[] a, long[] b, long[] out) {
        for (int i = 0; i < limbs; i++) {
            out[i] = a[i] + b[i];
        }
    }

    final void sub(long[] a, long[] b, long[] out) {
        for (int i = 0; i < limbs; i++) {
            out[i] = a[i] - b[i];
        }
    }

    /** out = factor * a for a small factor, which multiplies the weight. */
    final void scale(long[] a, long small, long[] out) {
        for (int i = 0; i < limbs; i++) {
            out[i] = a[i] * small;
        }
    }

    /** Brings an element of any weight, up to 64, back to weight 1. */
    final void carry(long[] a) {
        long carry = 0;
        int top = limbs - 1;
        for (int i = 0; i < top; i++) {
            long limb = a[i] + carry;
            a[i] = limb & MASK;
            carry = limb >> LIMB_BITS;
        }
        a[top] += carry;
    }

    /** out = a where the mask is all ones, unchanged where it is zero. */
    final void move(long[] a, long mask, long[] out) {
        for (int i = 0; i < limbs; i++) {
            out[i] ^= (out[i] ^ a[i]) & mask;
        }
    }

    /** out = -out where the mask is all ones. */
    final void negate(long mask, long[] out) {
        for (int i = 0; i < limbs; i++) {
            out[i] = (out[i] ^ mask) - mask;
        }
    }

    /** The limbs of the number itself, between 0 and the modulus. */
    private long[] canonical(long[] a) {
        long[] out = new long[limbs];
        out[0] = 1;
        mul(a, out, out); // now above -p and below 2p
        add(out, p, out);
        carry(out);
        for (int i = 0; i < 2; i++) {
            long[] less = new long[limbs];
            sub(out, p, less);
            carry(less);
            move(less, ~(less[limbs - 1] >> 63), out);
        }
        return out;
    }

    /** All ones if a is zero, else zero. */
    final long isZero(long[] a) {
        long bits = 0;
        for (long limb : canonical(a)) {
            bits |= limb;
        }
        return ((bits | -bits) >>> 63) - 1;
    }

    /** All ones if both are the same number, else zero. */
    final long isEqual(long[] a, long[] b) {
        long[] difference = new long[limbs];
        sub(a, b, difference);
        carry(difference);
        return isZero(difference);
    }

    /** All ones if the number is odd (sgn0 of RFC 9380, 4.1), else zero. */
    final long isOdd(long[] a) {
        return -(canonical(a)[0] & 1);
    }

    /** Big-endian, as long as the modulus. */
    final byte[] toBytes(long[] a) {
        long[] number = canonical(a);
        byte[] out = new byte[byteLength];
        for (int i = 0; i < byteLength; i++) {
            out[byteLength - 1 - i] = (byte) (number[i / 7] >>> (8 * (i % 7)));
        }
        Arrays.fill(number, 0);
        return out;
    }

    /**
     * Reads a big-endian number of any length modulo p, in blocks of 256 bits.
     *
     * @return an element of weight 1
     */
    final long[] reduce(byte[] bytes) {
        long[] out = new long[limbs];
        int at = bytes.length % 32 == 0 ? 0 : bytes.length % 32 - 32;
        for (; at < bytes.length; at += 32) {
            long[] block = new long[limbs];
            for (int i = 0; i < 32; i++) {
                int index = at + 31 - i;
                if (index >= 0) {
                    block[i / 7] |= (bytes[index] & 0xffL) << (8 * (i % 7));
                }
            }
            mul(block, square, block);
            mul(out, chunk, out);
            add(out, block, out);
            carry(out);
        }
        return out;
    }

    /** Whether the bytes are a number below the modulus, of its length. */
    final boolean isCanonical(byte[] bytes) {
        return bytes.length == byteLength && MessageDigest.isEqual(toBytes(reduce(bytes)), bytes);
    }

    /** out = a^exponent for a public exponent, big-endian. */
    final long[] pow(long[] a, byte[] exponent) {
        long[][] powers = new long[1 << WINDOW][];
        powers[0] = one();
        for (int i = 1; i < powers.length; i++) {
            powers[i] = new long[limbs];
            mul(powers[i - 1], a, powers[i]);
        }
        long[] out = one();
        for (byte each : exponent) {
            for (int shift = 4; shift >= 0; shift -= 4) {
                sqr(out, WINDOW, out);
                int digit = each >> shift & 15;
                if (digit != 0) {
                    mul(out, powers[digit], out);
                }
            }
        }
        return out;
    }

    /** 1 / a, or zero for zero. */
    final long[] inverse(long[] a) {
        return pow(a, inverseExponent);
    }
}
