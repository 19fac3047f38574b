package dev.masque.geohash;

/** Rows and columns of cells: degrees to an index and back, and two indices to interleaved bits and back. */
final class Grid {
    private Grid() {}

    /** The index of the interval that holds a value, the last one for the upper end itself. */
    static long index(double value, double from, double range, int bits) {
        long last = (1L << bits) - 1;
        long index = Math.max(0, Math.min(last, (long) Math.scalb((value - from) / range, bits)));
        // the division rounds, the edges are exact: a point beside an edge may be off by one
        while (index > 0 && value < edge(index, from, range, bits)) {
            index--;
        }
        while (index < last && value >= edge(index + 1, from, range, bits)) {
            index++;
        }
        return index;
    }

    /** The lower end of an interval; exact, as it needs 6 bits more than the index. */
    static double edge(long index, double from, double range, int bits) {
        return from + Math.scalb(range * index, -bits);
    }

    /** Puts a zero before each of 32 bits. */
    static long spread(long value) {
        long x = value & 0xffff_ffffL;
        x = (x | x << 16) & 0x0000_ffff_0000_ffffL;
        x = (x | x << 8) & 0x00ff_00ff_00ff_00ffL;
        x = (x | x << 4) & 0x0f0f_0f0f_0f0f_0f0fL;
        x = (x | x << 2) & 0x3333_3333_3333_3333L;
        return (x | x << 1) & 0x5555_5555_5555_5555L;
    }

    /** Takes every other bit, the lowest first. */
    static long gather(long value) {
        long x = value & 0x5555_5555_5555_5555L;
        x = (x | x >>> 1) & 0x3333_3333_3333_3333L;
        x = (x | x >>> 2) & 0x0f0f_0f0f_0f0f_0f0fL;
        x = (x | x >>> 4) & 0x00ff_00ff_00ff_00ffL;
        x = (x | x >>> 8) & 0x0000_ffff_0000_ffffL;
        return (x | x >>> 16) & 0xffff_ffffL;
    }
}
