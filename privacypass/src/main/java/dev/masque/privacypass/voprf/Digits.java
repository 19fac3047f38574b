package dev.masque.privacypass.voprf;

import java.util.Arrays;

/**
 * A scalar as odd signed digits of a fixed width, none of them zero, so that a multiplication does the same for every
 * scalar. Even scalars are replaced by their negatives, which are odd as the order is.
 *
 * <p>With k odd and below 2^n, k is the sum of s(j) * 2^j over all j below n, where s(j) is 1 if bit j of
 * (k >> 1) + 2^(n - 1) is set and -1 if not; a digit is a group of these.
 */
final class Digits {
    private final byte[] bits; // lowest first
    private final int width;
    /** All ones if the result must be negated. */
    final long negative;
    /** All ones if the scalar is zero, which has no odd digits. */
    final long zero;

    Digits(MontgomeryField scalars, long[] scalar, int width, int totalBits) {
        this.width = width;
        this.negative = ~scalars.isOdd(scalar);
        this.zero = scalars.isZero(scalar);
        long[] odd = scalar.clone();
        scalars.negate(negative, odd);
        scalars.carry(odd);
        byte[] number = scalars.toBytes(odd);
        Arrays.fill(odd, 0);
        bits = new byte[(totalBits + 7) / 8 + 1];
        for (int i = 0; i < number.length; i++) {
            int at = number.length - 1 - i;
            int above = at > 0 ? number[at - 1] : 0;
            bits[i] = (byte) ((number[at] & 0xff) >>> 1 | above << 7);
        }
        Arrays.fill(number, (byte) 0);
        int top = totalBits - 1;
        bits[top >> 3] |= (byte) (1 << (top & 7));
    }

    /** The digit d at a position, as (d + 2^width - 1) / 2. */
    int at(int position) {
        int bit = position * width;
        int pair = (bits[bit >> 3] & 0xff) | (bits[(bit >> 3) + 1] & 0xff) << 8;
        return pair >>> (bit & 7) & ((1 << width) - 1);
    }

    void wipe() {
        Arrays.fill(bits, (byte) 0);
    }
}
