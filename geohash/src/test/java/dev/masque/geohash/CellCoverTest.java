package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CellCoverTest {
    private static final GeoBox WORLD = GeoBox.of(-90, -180, 90, 180);

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    static List<Geohash> all(int length) {
        Stream<Geohash> cells = CellCover.ofBox(WORLD, 1, 32).stream();
        for (int i = 1; i < length; i++) {
            cells = cells.flatMap(cell -> cell.children().stream());
        }
        return cells.toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCircleIsCoveredByTheCellsWithinItsRadius(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int length = 1; length <= 3; length++) {
            GeoPoint centre = GeohashTest.point(random);
            double radius = random.nextDouble(0, length == 3 ? 2e6 : 2e7);

            List<Geohash> expected = all(length).stream()
                    .filter(cell -> cell.distanceTo(centre) <= radius)
                    .toList();

            assertThat(CellCover.ofCircle(centre, radius, length, 40_000)).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aBoxIsCoveredByTheCellsThatShareMoreThanAnEdgeWithIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int length = 1; length <= 3; length++) {
            GeoBox box = DistanceTest.box(random);

            List<Geohash> expected = all(length).stream()
                    .filter(cell -> overlap(cell.box(), box))
                    .toList();

            assertThat(CellCover.ofBox(box, length, 40_000)).as("%s", box).isEqualTo(expected);
        }
    }

    private static boolean overlap(GeoBox cell, GeoBox box) {
        boolean columns = box.crossesAntimeridian()
                ? cell.east() > box.west() || cell.west() < box.east()
                : cell.east() > box.west() && cell.west() < box.east();
        return columns && cell.north() > box.south() && cell.south() < box.north();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCellIsCoveredByItself(long seed) {
        Geohash cell = GeohashTest.cell(new SplittableRandom(seed));

        assertThat(CellCover.ofBox(cell.box(), cell.length(), 1)).containsExactly(cell);
        assertThat(CellCover.ofBox(cell.box(), Math.min(12, cell.length() + 1), 32))
                .isEqualTo(cell.length() == 12 ? List.of(cell) : cell.children());
    }

    @Test
    void theWholeWorldIsCovered() {
        assertThat(CellCover.ofBox(WORLD, 2, 1024)).hasSize(1024);
        assertThat(CellCover.ofBox(GeoBox.of(-90, 10, 90, 9.9), 1, 32)).hasSize(32);
        assertThat(CellCover.ofCircle(GeoPoint.of(0, 0), 2.1e7, 2, 1024)).hasSize(1024);
    }

    @Test
    void theAntimeridianHasOneMeaningWhicheverNameItGoesBy() {
        List<Geohash> west = CellCover.ofBox(GeoBox.of(0, 180, 1, -170), 3, 100);
        assertThat(west).isEqualTo(CellCover.ofBox(GeoBox.of(0, -180, 1, -170), 3, 100));

        List<Geohash> east = CellCover.ofBox(GeoBox.of(0, 170, 1, -180), 3, 100);
        assertThat(east).isEqualTo(CellCover.ofBox(GeoBox.of(0, 170, 1, 180), 3, 100));

        List<Geohash> line = CellCover.ofBox(GeoBox.of(0, 180, 1, 180), 3, 100);
        assertThat(line).isEqualTo(CellCover.ofBox(GeoBox.of(0, -180, 1, -180), 3, 100));
        assertThat(line).hasSize(1);
        assertThat(CellCover.ofBox(GeoBox.of(0, 180, 1, -180), 3, 100)).isEqualTo(line);
    }

    @Test
    void aPointIsCoveredByItsCell() {
        assertThat(CellCover.ofBox(GeoBox.of(90, 5, 90, 5), 7, 1))
                .containsExactly(Geohash.encode(GeoPoint.of(90, 5), 7));
        assertThat(CellCover.ofCircle(GeoPoint.of(51.5, -0.12), 0, 12, 1)).hasSize(1);
    }

    @Test
    void aPoleIsInAllTheCellsAroundIt() {
        assertThat(CellCover.ofCircle(GeoPoint.of(90, 0), 1, 2, 100)).hasSize(32);
        assertThat(CellCover.ofCircle(GeoPoint.of(-89.9999, 100), 1000, 2, 100)).hasSize(32);
    }

    @Test
    void moreCellsThanTheLimitAreRefused() {
        assertThatThrownBy(() -> CellCover.ofBox(WORLD, 12, 1000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CellCover.ofBox(WORLD, 1, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CellCover.ofCircle(GeoPoint.of(0, 0), 1e6, 12, 1000))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CellCover.ofCircle(GeoPoint.of(0, 0), -1, 2, 1000))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CellCover.ofCircle(GeoPoint.of(0, 0), Double.NaN, 2, 1000))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
