package dev.masque.geohash;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How large the cells of one geohash length are: a row of the table that {@link #table()} gives. Immutable.
 *
 * <p>Every cell of a length has the same height and width in degrees and the same height in metres; its width in metres
 * shrinks towards the poles.
 *
 * @param length how many characters, 1 to 12
 */
public record CellSize(int length) {
    private static final List<CellSize> TABLE =
            IntStream.rangeClosed(1, Geohash.MAX_LENGTH).mapToObj(CellSize::new).toList();

    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if the length is not 1 to 12
     */
    public CellSize {
        Geohash.checkLength(length);
    }

    /**
     * All twelve sizes, the largest first.
     *
     * @return the table
     */
    public static List<CellSize> table() {
        return TABLE;
    }

    /**
     * The size of cells of a length.
     *
     * @param length how many characters, 1 to 12
     * @return the row of the table
     * @throws IllegalArgumentException if the length is not 1 to 12
     */
    public static CellSize of(int length) {
        Geohash.checkLength(length);
        return TABLE.get(length - 1);
    }

    /**
     * The smallest cells that are at least so high and, on the equator, so wide.
     *
     * @param metres the smallest side
     * @return the size, that of length 1 if even those are too small
     */
    public static CellSize atLeast(double metres) {
        for (int length = Geohash.MAX_LENGTH; length > 1; length--) {
            CellSize size = of(length);
            if (size.heightMetres() >= metres && size.widthMetres(0) >= metres) {
                return size;
            }
        }
        return of(1);
    }

    /**
     * The bits that choose the latitude.
     *
     * @return 2 to 30
     */
    public int latitudeBits() {
        return 5 * length / 2;
    }

    /**
     * The bits that choose the longitude.
     *
     * @return 3 to 30
     */
    public int longitudeBits() {
        return 5 * length - latitudeBits();
    }

    /**
     * The height in degrees.
     *
     * @return degrees of latitude, exact
     */
    public double heightDegrees() {
        return Math.scalb(180.0, -latitudeBits());
    }

    /**
     * The width in degrees.
     *
     * @return degrees of longitude, exact
     */
    public double widthDegrees() {
        return Math.scalb(360.0, -longitudeBits());
    }

    /**
     * The height in metres.
     *
     * @return metres from the southern to the northern edge
     */
    public double heightMetres() {
        return Sphere.RADIUS * Math.toRadians(heightDegrees());
    }

    /**
     * The width in metres along a parallel.
     *
     * @param latitude -90 to 90; 0 gives the greatest width
     * @return metres from the western to the eastern edge
     */
    public double widthMetres(double latitude) {
        return Sphere.RADIUS * Math.toRadians(widthDegrees()) * Sphere.cos(latitude);
    }

    /**
     * How many cells of this length there are.
     *
     * @return 32 to the power of the length
     */
    public long count() {
        return 1L << 5 * length;
    }
}
