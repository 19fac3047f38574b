package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DistanceTest {
    private static final double DEGREE = Math.PI * 6_371_008.8 / 180;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @Test
    void distancesAreThoseOfASphere() {
        assertThat(GeoPoint.of(0, 0).distanceTo(GeoPoint.of(0, 90))).isEqualTo(90 * DEGREE, within(1e-6));
        assertThat(GeoPoint.of(90, 7).distanceTo(GeoPoint.of(-90, -50))).isEqualTo(180 * DEGREE, within(1e-6));
        assertThat(GeoPoint.of(90, 7).distanceTo(GeoPoint.of(90, -50))).isZero();
        assertThat(GeoPoint.of(12, 180).distanceTo(GeoPoint.of(12, -180))).isZero();
        assertThat(GeoPoint.of(0, 179.5).distanceTo(GeoPoint.of(0, -179.5))).isEqualTo(DEGREE, within(1e-6));
        assertThat(GeoPoint.of(89, 0).distanceTo(GeoPoint.of(89, 180))).isEqualTo(2 * DEGREE, within(1e-6));
        // London to Paris, 343.6 km
        assertThat(GeoPoint.of(51.5074, -0.1278).distanceTo(GeoPoint.of(48.8566, 2.3522)))
                .isCloseTo(343_557, Percentage.withPercentage(0.01));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDistanceIsTheHaversineOneBothWays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            GeoPoint a = GeohashTest.point(random);
            GeoPoint b = GeohashTest.point(random);

            assertThat(a.distanceTo(b)).isEqualTo(b.distanceTo(a)).isEqualTo(haversine(a, b), within(0.2));
            assertThat(a.distanceTo(a)).isZero();
        }
    }

    /** The textbook's, less exact near the antipodes. */
    static double haversine(GeoPoint a, GeoPoint b) {
        double up = Math.sin(Math.toRadians(b.latitude() - a.latitude()) / 2);
        double along = Math.sin(Math.toRadians(b.longitude() - a.longitude()) / 2);
        double square = up * up
                + Math.cos(Math.toRadians(a.latitude())) * Math.cos(Math.toRadians(b.latitude())) * along * along;
        return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(square)));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theNearestPointOfABoxIsTheNearestOfManyOnIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20; i++) {
            GeoBox box = box(random);
            GeoPoint from = GeohashTest.point(random);
            double nearest = Double.POSITIVE_INFINITY;
            for (int step = 0; step <= 2000; step++) {
                double share = step / 2000.0;
                double latitude = Math.min(box.north(), box.south() + share * box.height());
                double longitude = Math.IEEEremainder(box.west() + share * box.width(), 360);
                nearest = Math.min(nearest, from.distanceTo(GeoPoint.of(latitude, box.west())));
                nearest = Math.min(nearest, from.distanceTo(GeoPoint.of(latitude, box.east())));
                nearest = Math.min(nearest, from.distanceTo(GeoPoint.of(box.south(), longitude)));
                nearest = Math.min(nearest, from.distanceTo(GeoPoint.of(box.north(), longitude)));
            }
            if (box.contains(from)) {
                assertThat(from.distanceTo(box)).isZero();
            } else {
                // the edge's samples are at most 20 km apart, so the true one is this much nearer at most
                assertThat(from.distanceTo(box)).isBetween(nearest - 10_100, nearest + 1e-6);
                assertThat(from.distanceTo(box)).isPositive();
            }
        }
    }

    static GeoBox box(SplittableRandom random) {
        if (random.nextBoolean()) {
            return GeohashTest.cell(random).box();
        }
        double a = random.nextDouble(-90, 90);
        double b = random.nextDouble(-90, 90);
        return GeoBox.of(Math.min(a, b), random.nextDouble(-180, 180), Math.max(a, b), random.nextDouble(-180, 180));
    }

    @Test
    void theNearestPointOfAMeridianCanBeFarNorth() {
        // from a far longitude the great circle to a cell goes over the top: straight up, then down
        GeoBox cell = Geohash.of("u").box(); // 45 to 90 north, 0 to 45 east
        assertThat(GeoPoint.of(80, -135).distanceTo(cell)).isEqualTo(10 * DEGREE, within(1e-6));
        // from due west on the equator's parallel the nearest point lies above
        GeoBox narrow = GeoBox.of(0, 60, 80, 70);
        assertThat(GeoPoint.of(45, 0).distanceTo(narrow))
                .isLessThan(GeoPoint.of(45, 0).distanceTo(GeoPoint.of(45, 60)) - 100_000);
    }

    @Test
    void aBoxCrossesTheAntimeridianAndHoldsBothItsNames() {
        GeoBox box = GeoBox.of(-20, 170, -10, -170);

        assertThat(box.crossesAntimeridian()).isTrue();
        assertThat(box.width()).isEqualTo(20);
        assertThat(box.centre()).isEqualTo(GeoPoint.of(-15, 180));
        assertThat(box.contains(GeoPoint.of(-15, 180))).isTrue();
        assertThat(box.contains(GeoPoint.of(-15, 0))).isFalse();
        assertThat(GeoBox.of(0, 170, 1, 180).contains(GeoPoint.of(0, -180))).isTrue();
        assertThat(GeoBox.of(80, 0, 90, 1).contains(GeoPoint.of(90, -120))).isTrue();
    }

    @Test
    void aBoxUpsideDownOrOffTheEarthIsRefused() {
        assertThatThrownBy(() -> GeoBox.of(1, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoBox.of(0, 0, 91, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoBox.of(0, -181, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoBox.of(0, 0, Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTableOfSizesIsTheKnownOne() {
        assertThat(CellSize.table()).hasSize(12);
        assertThat(CellSize.of(1).widthDegrees()).isEqualTo(45);
        assertThat(CellSize.of(1).heightDegrees()).isEqualTo(45);
        assertThat(CellSize.of(5).widthMetres(0)).isCloseTo(4_886, Percentage.withPercentage(0.1));
        assertThat(CellSize.of(5).heightMetres()).isCloseTo(4_886, Percentage.withPercentage(0.1));
        assertThat(CellSize.of(5).widthMetres(60)).isCloseTo(2_443, Percentage.withPercentage(0.1));
        assertThat(CellSize.of(6).widthMetres(0)).isCloseTo(1_221, Percentage.withPercentage(0.1));
        assertThat(CellSize.of(6).heightMetres()).isCloseTo(610, Percentage.withPercentage(0.2));
        assertThat(CellSize.of(12).heightMetres()).isCloseTo(0.0186, Percentage.withPercentage(1));
        assertThat(CellSize.of(12).count()).isEqualTo(1L << 60);
        assertThat(CellSize.atLeast(1000)).isEqualTo(CellSize.of(5));
        assertThat(CellSize.atLeast(1e9)).isEqualTo(CellSize.of(1));
    }
}
