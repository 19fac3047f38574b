package dev.masque.privacypass.voprf;

import java.util.Arrays;
import java.util.List;

/**
 * Odd multiples of a point, and the multiplication that uses them. With several rows, row j holds those of the point times
 * 2^(j * bits / rows), and all rows share the doublings: worth it where one point is multiplied by several scalars, most of
 * all for the generator. Immutable.
 *
 * <p>A multiplication reads whole rows whatever the digits are, and does the same additions and doublings for all scalars.
 */
final class Multiples {
    private final Group group;
    private final int width;
    private final int digits;
    private final long[][][][] rows;

    /**
     * Computes the multiples.
     *
     * @param width bits of a digit: a row has 2^(width - 1) points
     * @param rows a divisor of the number of digits
     */
    Multiples(Group group, long[][] point, int width, int rows) {
        this.group = group;
        this.width = width;
        this.digits = (group.scalars.modulus.bitLength() + width - 1) / width;
        int shift = digits / rows * width;
        long[][] scratch = group.scratch();
        long[][] start = point;
        long[][] twice = group.identity();
        this.rows = new long[rows][1 << (width - 1)][][];
        for (int i = 0; i < rows; i++) {
            if (i > 0) {
                long[][] next = group.identity();
                group.twice(start, shift, scratch, next);
                start = next;
            }
            group.twice(start, 1, scratch, twice);
            long[][][] row = this.rows[i];
            row[0] = start;
            for (int j = 1; j < row.length; j++) {
                row[j] = group.identity();
                group.add(row[j - 1], twice, scratch, row[j]);
            }
        }
    }

    /** The point times a scalar. */
    long[][] times(long[] scalar) {
        return sum(List.of(this), List.of(scalar));
    }

    /** The sum of points times scalars; all of the same group and shape. */
    static long[][] sum(List<Multiples> points, List<long[]> scalars) {
        Multiples first = points.get(0);
        Group group = first.group;
        Digits[] recoded = new Digits[points.size()];
        for (int i = 0; i < recoded.length; i++) {
            recoded[i] = new Digits(group.scalars, scalars.get(i), first.width, first.digits * first.width);
        }
        long[][] scratch = group.scratch();
        long[][] selected = group.identity();
        long[][] sum = group.identity();
        int rounds = first.digits / first.rows.length;
        for (int round = rounds - 1; round >= 0; round--) {
            if (round < rounds - 1) {
                group.twice(sum, first.width, scratch, sum);
            }
            for (int i = 0; i < recoded.length; i++) {
                for (int row = 0; row < first.rows.length; row++) {
                    points.get(i).select(row, recoded[i].at(row * rounds + round), selected);
                    group.negate(recoded[i].negative, selected);
                    group.moveIdentity(recoded[i].zero, selected);
                    group.add(sum, selected, scratch, sum);
                }
            }
        }
        for (Digits each : recoded) {
            each.wipe();
        }
        return sum;
    }

    /** Copies the multiple for a digit, see {@link Digits#at}. */
    private void select(int row, int digit, long[][] out) {
        long[][][] table = rows[row];
        int half = table.length;
        int sign = (digit >>> (width - 1)) - 1; // all ones for negative digits
        int index = (digit ^ sign) & (half - 1);
        for (long[] coordinate : out) {
            Arrays.fill(coordinate, 0);
        }
        for (int i = 0; i < half; i++) {
            long mask = ((long) (i ^ index) - 1) >> 63;
            for (int c = 0; c < out.length; c++) {
                long[] from = table[i][c];
                long[] to = out[c];
                for (int j = 0; j < to.length; j++) {
                    to[j] |= from[j] & mask;
                }
            }
        }
        group.negate(sign, out);
    }
}
