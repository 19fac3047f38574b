package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A geohash of 1 to 12 characters: the name of a cell, a box on the earth. Immutable; ordered as its text is.
 *
 * <p>A point belongs to one cell only of each length: a cell holds its southern and western edge, and the northernmost
 * ones the pole. The meridian of 180 degrees is that of -180, the western edge of the westernmost cells.
 *
 * <pre>{@code
 * Geohash cell = Geohash.encode(GeoPoint.of(57.64911, 10.40744), 5);   // u4pru
 * cell.centre();                                                       // 57.6343, 10.3931
 * cell.neighbour(Direction.EAST);                                      // u4prv
 * }</pre>
 */
public final class Geohash implements Comparable<Geohash> {
    /** The longest geohash, whose cells are 3.7 by 1.9 centimetres. */
    public static final int MAX_LENGTH = 12;

    private static final String ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";
    private static final byte[] DIGITS = digits();

    private final long bits;
    private final int length;

    private Geohash(long bits, int length) {
        this.bits = bits;
        this.length = length;
    }

    /**
     * The cell of a name.
     *
     * @param text 1 to 12 characters of the alphabet, in either case
     * @return the cell
     * @throws IllegalArgumentException if the text is no geohash
     */
    public static Geohash of(String text) {
        try {
            return parse(text);
        } catch (MalformedGeoException e) {
            throw new IllegalArgumentException(e.getMessage() + ": " + text, e);
        }
    }

    /**
     * The cell of a name that comes from outside.
     *
     * @param text 1 to 12 characters of the alphabet, in either case
     * @return the cell
     * @throws MalformedGeoException if the text is no geohash
     */
    public static Geohash parse(String text) throws MalformedGeoException {
        if (text.isEmpty()) {
            throw new MalformedGeoException(Reason.EMPTY, "an empty geohash");
        }
        if (text.length() > MAX_LENGTH) {
            throw new MalformedGeoException(Reason.TOO_LONG, "a geohash of more than 12 characters");
        }
        long bits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < DIGITS.length ? DIGITS[c] : -1;
            if (digit < 0) {
                throw new MalformedGeoException(Reason.GEOHASH, "a character that is in no geohash");
            }
            bits = bits << 5 | digit;
        }
        return new Geohash(bits, text.length());
    }

    /**
     * The cell a point lies in.
     *
     * @param point a point
     * @param length how many characters, 1 to 12
     * @return the cell
     * @throws IllegalArgumentException if the length is not 1 to 12
     */
    public static Geohash encode(GeoPoint point, int length) {
        CellSize size = CellSize.of(length);
        return at(
                Grid.index(point.latitude(), -90, 180, size.latitudeBits()),
                Grid.index(point.longitude(), -180, 360, size.longitudeBits()),
                length);
    }

    /** The cell of a row, counted from the south pole, and a column, counted from the antimeridian. */
    static Geohash at(long row, long column, int length) {
        // the first bit is the longitude's, so the last one is the latitude's in even lengths only
        long bits = length % 2 == 0
                ? Grid.spread(row) | Grid.spread(column) << 1
                : Grid.spread(row) << 1 | Grid.spread(column);
        return new Geohash(bits, length);
    }

    /**
     * How many characters.
     *
     * @return 1 to 12
     */
    public int length() {
        return length;
    }

    /**
     * The bits, five for each character, those of the longitude and the latitude by turns.
     *
     * @return the bits in the lowest {@code 5 * length()} places
     */
    public long bits() {
        return bits;
    }

    /**
     * How large the cell is.
     *
     * @return the row of the table of sizes
     */
    public CellSize size() {
        return CellSize.of(length);
    }

    /**
     * The cell itself.
     *
     * @return its edges, exact; an eastern edge at the antimeridian is 180
     */
    public GeoBox box() {
        CellSize size = size();
        double south = Grid.edge(row(), -90, 180, size.latitudeBits());
        double west = Grid.edge(column(), -180, 360, size.longitudeBits());
        return new GeoBox(south, west, south + size.heightDegrees(), west + size.widthDegrees());
    }

    /**
     * The middle of the cell.
     *
     * @return the point, exact
     */
    public GeoPoint centre() {
        return box().centre();
    }

    /**
     * How far north or south of the centre a point of the cell can be.
     *
     * @return degrees of latitude
     */
    public double latitudeError() {
        return size().heightDegrees() / 2;
    }

    /**
     * How far east or west of the centre a point of the cell can be.
     *
     * @return degrees of longitude
     */
    public double longitudeError() {
        return size().widthDegrees() / 2;
    }

    /**
     * How far from the centre a point of the cell can be.
     *
     * @return metres from the centre to the farthest corner
     */
    public double errorMetres() {
        GeoBox box = box();
        GeoPoint centre = box.centre();
        return Math.max(
                centre.distanceTo(new GeoPoint(box.south(), box.west())),
                centre.distanceTo(new GeoPoint(box.north(), box.west())));
    }

    /**
     * The great-circle distance from a point to the nearest point of the cell.
     *
     * @param point a point
     * @return metres, 0 inside and on the edge
     */
    public double distanceTo(GeoPoint point) {
        return box().distanceTo(point);
    }

    /**
     * Whether a point belongs to the cell.
     *
     * @param point a point
     * @return true if the point's geohash begins with this one
     */
    public boolean contains(GeoPoint point) {
        return encode(point, length).bits == bits;
    }

    /**
     * Whether another cell is this one or lies in it.
     *
     * @param other a cell
     * @return true if its name begins with this one's
     */
    public boolean contains(Geohash other) {
        return other.length >= length && other.bits >>> 5 * (other.length - length) == bits;
    }

    /**
     * The cell next to this one. East and west go on across the antimeridian; beyond a pole there is none.
     *
     * @param direction the way out of this cell
     * @return the neighbour of the same length, empty beyond a pole
     */
    public Optional<Geohash> neighbour(Direction direction) {
        CellSize size = size();
        long row = row() + direction.rows;
        if (row < 0 || row >= 1L << size.latitudeBits()) {
            return Optional.empty();
        }
        long column = column() + direction.columns & (1L << size.longitudeBits()) - 1;
        return Optional.of(at(row, column, length));
    }

    /**
     * The cells around this one.
     *
     * @return eight cells from north clockwise, or the five that there are at a pole
     */
    public List<Geohash> neighbours() {
        return Stream.of(Direction.values())
                .flatMap(direction -> neighbour(direction).stream())
                .toList();
    }

    /**
     * This cell or one around it, of fewer characters.
     *
     * @param length how many characters, at least 1; more than this has change nothing
     * @return the cell
     * @throws IllegalArgumentException if the length is not 1 to 12
     */
    public Geohash cutTo(int length) {
        checkLength(length);
        return length >= this.length ? this : new Geohash(bits >>> 5 * (this.length - length), length);
    }

    /**
     * The cell one character shorter.
     *
     * @return the cell around this one, empty if this has one character
     */
    public Optional<Geohash> parent() {
        return length == 1 ? Optional.empty() : Optional.of(cutTo(length - 1));
    }

    /**
     * The cells around this one, the nearest first.
     *
     * @return one for each shorter length
     */
    public List<Geohash> parents() {
        return IntStream.iterate(length - 1, n -> n > 0, n -> n - 1)
                .mapToObj(this::cutTo)
                .toList();
    }

    /**
     * The cells in this one that are one character longer.
     *
     * @return 32 cells in order, none if this has 12 characters
     */
    public List<Geohash> children() {
        return length == MAX_LENGTH
                ? List.of()
                : IntStream.range(0, 32)
                        .mapToObj(digit -> new Geohash(bits << 5 | digit, length + 1))
                        .toList();
    }

    /** The row, counted from the south pole. */
    long row() {
        return Grid.gather(length % 2 == 0 ? bits : bits >>> 1);
    }

    /** The column, counted from the antimeridian. */
    long column() {
        return Grid.gather(length % 2 == 0 ? bits >>> 1 : bits);
    }

    @Override
    public int compareTo(Geohash other) {
        int order = Long.compare(bits << 60 - 5 * length, other.bits << 60 - 5 * other.length);
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Geohash cell && cell.bits == bits && cell.length == length;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(bits) + length;
    }

    /** The name, in lower case. */
    @Override
    public String toString() {
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = ALPHABET.charAt((int) (bits >>> 5 * (length - 1 - i)) & 31);
        }
        return new String(text);
    }

    static void checkLength(int length) {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("a geohash has 1 to 12 characters: " + length);
        }
    }

    private static byte[] digits() {
        byte[] digits = new byte[128];
        Arrays.fill(digits, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            char c = ALPHABET.charAt(i);
            digits[c] = (byte) i;
            digits[c >= 'a' ? c - 32 : c] = (byte) i;
        }
        return digits;
    }
}
