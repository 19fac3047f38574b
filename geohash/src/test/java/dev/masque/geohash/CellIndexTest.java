package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.masque.geohash.Choice.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CellIndexTest {
    private static final Country JP = Country.of("JP");
    private static final Country GB = Country.of("GB");
    private static final Country FJ = Country.of("FJ");

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theNearestIsTheNearestOfAll(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int size = random.nextInt(1, 600);
        List<GeoPoint> points = new ArrayList<>();
        CellIndex.Builder<Integer> builder = CellIndex.builder();
        for (int i = 0; i < size; i++) {
            GeoPoint point = random.nextInt(5) == 0 && i > 0
                    ? points.get(random.nextInt(i))
                    : random.nextBoolean()
                            ? GeohashTest.point(random)
                            : GeohashTest.cell(random).cutTo(2).centre();
            points.add(point);
            builder.add(i, Place.in(JP).at(point));
        }
        CellIndex<Integer> index = builder.build();

        for (int i = 0; i < 200; i++) {
            Geohash cell = GeohashTest.cell(random);
            int residue = random.nextInt(1, 4);
            Predicate<Integer> usable = value -> value % residue == 0;
            Choice<Integer> choice = index.choose(GeoHint.of(cell, JP), usable).orElseThrow();

            double nearest = Double.POSITIVE_INFINITY;
            for (int value = 0; value < size; value += residue) {
                nearest = Math.min(nearest, cell.centre().distanceTo(points.get(value)));
            }
            assertThat(choice.match()).isEqualTo(Match.NEAREST);
            assertThat(cell.centre().distanceTo(points.get(choice.value()))).isEqualTo(nearest, within(1e-6));
            assertThat(choice.distanceMetres().orElseThrow()).isEqualTo(nearest, within(1e-6));
            assertThat(choice.values()).containsExactlyElementsOf(same(points, points.get(choice.value()), residue));
        }
    }

    private static List<Integer> same(List<GeoPoint> points, GeoPoint point, int residue) {
        List<Integer> same = new ArrayList<>();
        for (int value = 0; value < points.size(); value += residue) {
            if (points.get(value).equals(point)) {
                same.add(value);
            }
        }
        return same;
    }

    @Test
    void nearerIsAcrossTheAntimeridian() {
        CellIndex<String> index = CellIndex.<String>builder()
                .add("west", Place.in(FJ).at(GeoPoint.of(-17, 177)))
                .add("east", Place.in(FJ).at(GeoPoint.of(-17, -179.9)))
                .build();

        Geohash cell = Geohash.encode(GeoPoint.of(-17, 179.8), 5);

        assertThat(index.choose(GeoHint.of(cell, FJ)).orElseThrow().value()).isEqualTo("east");
    }

    @Test
    void nearerIsAcrossThePole() {
        CellIndex<String> index = CellIndex.<String>builder()
                .add("same side", Place.in(GB).at(GeoPoint.of(87, 0)))
                .add("other side", Place.in(GB).at(GeoPoint.of(89.5, 180)))
                .build();

        Geohash cell = Geohash.encode(GeoPoint.of(89.5, 1), 8);

        assertThat(index.choose(GeoHint.of(cell, GB)).orElseThrow().value()).isEqualTo("other side");
    }

    @Test
    void ofEquallyNearPlacesTheFirstIsChosen() {
        CellIndex.Builder<Integer> builder = CellIndex.builder();
        List<Integer> longitudes = List.of(50, 0, -120, 179, 90, -180, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        for (int longitude : longitudes) { // one and the same place, the pole, by many names
            builder.add(longitude, Place.in(JP).at(GeoPoint.of(90, longitude)));
        }
        CellIndex<Integer> index = builder.build();
        Geohash cell = Geohash.of("zzz");

        for (int i = 0; i < longitudes.size(); i++) {
            List<Integer> left = longitudes.subList(i, longitudes.size());
            Choice<Integer> choice =
                    index.choose(GeoHint.of(cell, JP), left::contains).orElseThrow();

            assertThat(choice.values()).containsExactly(left.get(0));
        }
    }

    @Test
    void theCountryWinsOverTheCell() {
        CellIndex<String> index = CellIndex.<String>builder()
                .add("Aalborg", Place.in(Country.of("DK")).at(GeoPoint.of(57.05, 9.92)))
                .add("London", Place.in(GB).at(GeoPoint.of(51.5, -0.12)))
                .add("Aberdeen", Place.in(GB).at(GeoPoint.of(57.15, -2.09)))
                .build();

        Choice<String> choice = index.choose(GeoHint.of("u4pruydqqvj", "GB")).orElseThrow();

        assertThat(choice.value()).isEqualTo("Aberdeen");
        assertThat(choice.match()).isEqualTo(Match.NEAREST);
        assertThat(choice.place()).contains(Place.in(GB).at(GeoPoint.of(57.15, -2.09)));
    }

    @Test
    void aCountryAloneChoosesWhatIsForTheWholeCountryFirst() {
        CellIndex.Builder<String> builder = CellIndex.<String>builder()
                .add("Tokyo", Place.in(JP).at(Geohash.of("xn76c")).city("Tokyo"))
                .add("Osaka", Place.in(JP).at(Geohash.of("xn0m7")).city("Osaka"));

        Choice<String> first = builder.build().choose(GeoHint.ofCountry("JP")).orElseThrow();
        assertThat(first.value()).isEqualTo("Tokyo");
        assertThat(first.match()).isEqualTo(Match.COUNTRY);
        assertThat(first.distanceMetres()).isEmpty();
        assertThat(first.place().orElseThrow().city()).contains("Tokyo");

        builder.add("anywhere in Japan", Place.in(JP));
        assertThat(builder.build().choose(GeoHint.ofCountry("JP")).orElseThrow().value())
                .isEqualTo("anywhere in Japan");
        assertThat(builder.build().choose(GeoHint.of("xn0", "JP")).orElseThrow().value())
                .isEqualTo("Osaka");
    }

    @Test
    void whatCannotBeUsedIsPassedOver() {
        CellIndex<String> index = CellIndex.<String>builder()
                .add("Tokyo 1", Place.in(JP).at(Geohash.of("xn76c")))
                .add("Tokyo 2", Place.in(JP).at(Geohash.of("xn76c")))
                .add("Osaka", Place.in(JP).at(Geohash.of("xn0m7")))
                .add("wide", Place.in(JP))
                .addDefault("default")
                .build();
        GeoHint hint = GeoHint.of("xn76c", "JP");
        List<String> down = new ArrayList<>();
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Choice<String> choice =
                    index.choose(hint, value -> !down.contains(value)).orElseThrow();
            chosen.add(choice.match() + " " + choice.value());
            down.add(choice.value());
        }

        assertThat(chosen)
                .containsExactly(
                        "NEAREST Tokyo 1", "NEAREST Tokyo 2", "NEAREST Osaka", "COUNTRY wide", "DEFAULT default");
        assertThat(index.choose(hint, value -> false)).isEmpty();
        assertThat(index.size()).isEqualTo(5);
    }

    @Test
    void anotherCountryGetsTheDefaultOrNothing() {
        CellIndex.Builder<String> builder =
                CellIndex.<String>builder().add("Tokyo", Place.in(JP).at(Geohash.of("xn76c")));
        CellIndex<String> without = builder.build();
        CellIndex<String> with = builder.addDefault("a").addDefault("b").build();

        assertThat(without.choose(GeoHint.of("xn76c", "GB"))).isEmpty();
        assertThat(without.chooseDefault(null)).isEmpty();
        Choice<String> choice = with.choose(GeoHint.of("xn76c", "GB")).orElseThrow();
        assertThat(choice.match()).isEqualTo(Match.DEFAULT);
        assertThat(choice.values()).containsExactly("a", "b");
        assertThat(choice.place()).isEmpty();
        assertThat(with.chooseDefault("b"::equals).orElseThrow().value()).isEqualTo("b");
    }

    @Test
    void aChoiceCannotBeChanged() {
        CellIndex<String> index = CellIndex.<String>builder()
                .add("Tokyo", Place.in(JP).at(Geohash.of("xn76c")))
                .build();
        List<String> values =
                index.choose(GeoHint.ofCountry("JP")).orElseThrow().values();

        assertThatThrownBy(() -> values.add("x")).isInstanceOf(UnsupportedOperationException.class);
    }
}
