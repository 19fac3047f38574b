package dev.masque.geohash;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The cells of one length that cover an area. The results are bounded by the caller and ordered as text. */
public final class CellCover {
    private CellCover() {}

    /**
     * The cells that cover a box: the fewest that, edges included, hold all of it.
     *
     * @param box a box, across the antimeridian or up to a pole as may be
     * @param length how many characters, 1 to 12
     * @param limit how many cells there may be, at least 1
     * @return the cells, in order
     * @throws IllegalArgumentException if the length is not 1 to 12 or there would be more cells than the limit
     */
    public static List<Geohash> ofBox(GeoBox box, int length, int limit) {
        CellSize size = CellSize.of(length);
        int columnBits = size.longitudeBits();
        double west = box.west();
        double east = box.east();
        // the antimeridian by one name only: -180 where a box begins, 180 where it ends
        if (west == 180) {
            west = -180;
            east = box.crossesAntimeridian() ? east : -180;
        } else if (box.crossesAntimeridian() && east == -180) {
            east = 180;
        }
        long bottom = Grid.index(box.south(), -90, 180, size.latitudeBits());
        long top = last(box.north(), bottom, -90, 180, size.latitudeBits());
        long left = Grid.index(west, -180, 360, columnBits);
        long right = last(east, west > east ? -1 : left, -180, 360, columnBits);
        long round = 1L << columnBits;
        // a box that goes round into the column it began in takes each once
        long columns = Math.min(round, right - left + 1 + (west > east ? round : 0));
        long rows = top - bottom + 1;
        if (columns > limit || rows > limit || rows * columns > limit) {
            throw tooMany(limit);
        }
        List<Geohash> cells = new ArrayList<>((int) (rows * columns));
        for (long row = bottom; row <= top; row++) {
            for (long i = 0; i < columns; i++) {
                cells.add(Geohash.at(row, left + i & round - 1, length));
            }
        }
        Collections.sort(cells);
        return Collections.unmodifiableList(cells);
    }

    /**
     * The cells that cover a circle: those whose nearest point is within the radius.
     *
     * @param centre the middle of the circle
     * @param radius in metres along the ground, not negative
     * @param length how many characters, 1 to 12
     * @param limit how many cells there may be, at least 1
     * @return the cells, in order
     * @throws IllegalArgumentException if the radius is negative, the length is not 1 to 12 or there would be more cells
     *     than the limit
     */
    public static List<Geohash> ofCircle(GeoPoint centre, double radius, int length, int limit) {
        if (!(radius >= 0)) {
            throw new IllegalArgumentException("a radius must not be negative: " + radius);
        }
        Geohash first = Geohash.encode(centre, length);
        Set<Geohash> seen = new HashSet<>(Set.of(first));
        ArrayDeque<Geohash> open = new ArrayDeque<>();
        List<Geohash> cells = new ArrayList<>();
        // a disc is in one piece, so its cells are reached from neighbour to neighbour
        for (Geohash cell = first; cell != null; cell = open.poll()) {
            if (cell.distanceTo(centre) > radius) {
                continue;
            }
            if (cells.size() == limit) {
                throw tooMany(limit);
            }
            cells.add(cell);
            for (Geohash neighbour : cell.neighbours()) {
                if (seen.add(neighbour)) {
                    open.add(neighbour);
                }
            }
        }
        Collections.sort(cells);
        return Collections.unmodifiableList(cells);
    }

    /** The index of the last interval a span reaches into; one that only touches the span's end does not count. */
    private static long last(double value, long first, double from, double range, int bits) {
        long index = Grid.index(value, from, range, bits);
        return index > first && value == Grid.edge(index, from, range, bits) ? index - 1 : index;
    }

    private static IllegalArgumentException tooMany(int limit) {
        return new IllegalArgumentException("the area needs more than " + limit + " cells of this length");
    }
}
