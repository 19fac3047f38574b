package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeohashTest {
    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    static IntStream lengths() {
        return IntStream.rangeClosed(1, 12);
    }

    static GeoPoint point(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> GeoPoint.of(random.nextBoolean() ? 90 : -90, random.nextDouble(-180, 180));
            case 1 -> GeoPoint.of(random.nextDouble(-90, 90), 180);
            case 2 -> GeoPoint.of(random.nextDouble(89.999, 90), random.nextDouble(-180, 180));
            case 3 -> GeoPoint.of(random.nextDouble(-90, 90), random.nextDouble(179.999, 180));
            case 4 -> GeoPoint.of(random.nextDouble(-90, 90), random.nextDouble(-180, -179.999));
            default -> GeoPoint.of(random.nextDouble(-90, 90), random.nextDouble(-180, 180));
        };
    }

    static Geohash cell(SplittableRandom random) {
        return Geohash.encode(point(random), random.nextInt(1, 13));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCellComesBackFromItsNameItsCentreAndItsCorner(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            Geohash cell = cell(random);
            GeoBox box = cell.box();

            assertThat(Geohash.parse(cell.toString())).isEqualTo(cell).hasSameHashCodeAs(cell);
            assertThat(Geohash.of(cell.toString().toUpperCase(Locale.ROOT))).isEqualTo(cell);
            assertThat(Geohash.encode(cell.centre(), cell.length())).isEqualTo(cell);
            assertThat(Geohash.encode(GeoPoint.of(box.south(), box.west()), cell.length()))
                    .isEqualTo(cell);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPointLiesInItsCellByExactArithmetic(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            GeoPoint point = point(random);
            Geohash cell = Geohash.encode(point, random.nextInt(1, 13));
            GeoBox box = cell.box();

            assertThat(cell.contains(point)).isTrue();
            assertThat(exact(box.south())).isLessThanOrEqualTo(exact(point.latitude()));
            assertThat(exact(box.west())).isLessThanOrEqualTo(exact(point.longitude()));
            assertThat(exact(point.longitude())).isLessThan(exact(box.east()));
            if (point.latitude() < 90) {
                assertThat(exact(point.latitude())).isLessThan(exact(box.north()));
            }
            assertThat(cell.distanceTo(point)).isZero();
            assertThat(point.distanceTo(cell.centre())).isLessThanOrEqualTo(cell.errorMetres() * (1 + 1e-12) + 1e-6);
        }
    }

    private static BigDecimal exact(double value) {
        return new BigDecimal(value);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void thePointsJustBesideAnEdgeLieInTheRightCell(int length) {
        CellSize size = CellSize.of(length);
        SplittableRandom random = new SplittableRandom(length);
        for (int i = 0; i < 1000; i++) {
            double edge = -90 + size.heightDegrees() * random.nextLong(1, 1L << size.latitudeBits());
            double meridian = -180 + size.widthDegrees() * random.nextLong(1, 1L << size.longitudeBits());
            Geohash cell = Geohash.encode(GeoPoint.of(edge, meridian), length);

            assertThat(cell.box().south()).isEqualTo(edge);
            assertThat(cell.box().west()).isEqualTo(meridian);
            assertThat(Geohash.encode(GeoPoint.of(Math.nextDown(edge), meridian), length))
                    .isEqualTo(cell.neighbour(Direction.SOUTH).orElseThrow());
            assertThat(Geohash.encode(GeoPoint.of(edge, Math.nextDown(meridian)), length))
                    .isEqualTo(cell.neighbour(Direction.WEST).orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void thePolesBelongToTheOutermostRows(int length) {
        Geohash north = Geohash.encode(GeoPoint.of(90, 12), length);
        Geohash south = Geohash.encode(GeoPoint.of(-90, 12), length);

        assertThat(north.box().north()).isEqualTo(90);
        assertThat(south.box().south()).isEqualTo(-90);
        assertThat(north.neighbour(Direction.NORTH)).isEmpty();
        assertThat(south.neighbour(Direction.SOUTH_WEST)).isEmpty();
        assertThat(north.neighbours()).hasSize(5);
        assertThat(south.neighbours()).hasSize(5);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void theAntimeridianIsOneMeridian(int length) {
        Geohash cell = Geohash.encode(GeoPoint.of(10, 180), length);

        assertThat(cell).isEqualTo(Geohash.encode(GeoPoint.of(10, -180), length));
        Geohash west = cell.neighbour(Direction.WEST).orElseThrow();
        assertThat(west.box().east()).isEqualTo(180);
        assertThat(west.neighbour(Direction.EAST)).contains(cell);
        assertThat(west.distanceTo(GeoPoint.of(10, -180))).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void goingOutAndBackEndsWhereItBegan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            Geohash cell = cell(random);
            for (Direction direction : Direction.values()) {
                Direction back = direction.opposite();
                cell.neighbour(direction)
                        .ifPresent(next -> assertThat(next.neighbour(back)).contains(cell));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void childrenTileTheirParent(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Geohash cell = cell(random).cutTo(11);

        assertThat(cell.children()).hasSize(32).isSorted().allSatisfy(child -> {
            assertThat(child.parent()).contains(cell);
            assertThat(cell.contains(child)).isTrue();
            assertThat(cell.contains(child.centre())).isTrue();
            assertThat(child.contains(cell)).isFalse();
        });
        assertThat(cell.children().stream()
                        .mapToDouble(c -> c.box().height() * c.box().width())
                        .sum())
                .isEqualTo(cell.box().height() * cell.box().width(), within(1e-12));
    }

    @Test
    void parentsGoUpToOneCharacter() {
        assertThat(Geohash.of("u4pru").parents()).map(Geohash::toString).containsExactly("u4pr", "u4p", "u4", "u");
        assertThat(Geohash.of("u").parent()).isEmpty();
        assertThat(Geohash.of("u4pru").cutTo(9)).hasToString("u4pru");
        assertThat(Geohash.of("u4pruydqqvj9").children()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cellsAreOrderedAsTheirNames(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Geohash> cells = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Geohash cell = cell(random);
            cells.add(cell);
            cells.addAll(cell.parents());
        }
        cells.sort(null);

        assertThat(cells.stream().map(Geohash::toString)).isSorted();
    }

    @Test
    void theErrorIsHalfTheCell() {
        Geohash cell = Geohash.of("ezs42");

        assertThat(cell.latitudeError()).isEqualTo(0.02197265625);
        assertThat(cell.longitudeError()).isEqualTo(0.02197265625);
        assertThat(cell.errorMetres()).isBetween(3000.0, 3100.0);
        assertThat(cell.size()).isEqualTo(CellSize.of(5));
    }

    @ParameterizedTest
    @CsvSource({"'',EMPTY", "0123456789bcd,TOO_LONG", "ezs4a,GEOHASH", "ez s,GEOHASH", "ez\u0131,GEOHASH"})
    void whatIsNoGeohashIsRefusedWithAReason(String text, Reason reason) {
        assertThatThrownBy(() -> Geohash.parse(text))
                .isInstanceOfSatisfying(
                        MalformedGeoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThatThrownBy(() -> Geohash.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 13})
    void aLengthIsOneToTwelve(int length) {
        assertThatThrownBy(() -> Geohash.encode(GeoPoint.of(0, 0), length))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CellSize.of(length)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Geohash.of("ez").cutTo(length)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"90.1,0", "-91,0", "0,180.5", "0,-181", "NaN,0", "0,NaN", "Infinity,0"})
    void aPointOffTheEarthIsRefused(double latitude, double longitude) {
        assertThatThrownBy(() -> GeoPoint.of(latitude, longitude)).isInstanceOf(IllegalArgumentException.class);
    }
}
