package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CoarseningTest {
    private static final Population POPULATION = (cell, country) -> switch (cell.length()) {
        case 1 -> 5_000_000;
        case 2 -> 500_000;
        case 3 -> 20_000;
        case 4 -> 3_000;
        default -> 100;
    };

    @Test
    void aCellIsCutUntilItHoldsEnoughPeople() {
        GeoHint hint = GeoHint.of("u4pruydqqvj", "DK");

        assertThat(Coarsening.of(5, 100, POPULATION).apply(hint)).isEqualTo(GeoHint.of("u4pru", "DK"));
        assertThat(Coarsening.of(5, 101, POPULATION).apply(hint)).isEqualTo(GeoHint.of("u4pr", "DK"));
        assertThat(Coarsening.of(5, 10_000, POPULATION).apply(hint)).isEqualTo(GeoHint.of("u4p", "DK"));
        assertThat(Coarsening.of(5, 5_000_000, POPULATION).apply(hint)).isEqualTo(GeoHint.of("u", "DK"));
    }

    @Test
    void theCountryIsWhatIsLeftIfNoCellHoldsEnough() {
        assertThat(Coarsening.of(5, 5_000_001, POPULATION).apply(GeoHint.of("u4pru", "DK")))
                .isEqualTo(GeoHint.ofCountry("DK"));
        assertThat(Coarsening.of(5, 1, POPULATION).apply(GeoHint.ofCountry("DK")))
                .isEqualTo(GeoHint.ofCountry("DK"));
    }

    @Test
    void withoutAMinimumOnlyThePrecisionCounts() {
        assertThat(Coarsening.to(4).apply(GeoHint.of("u4pru", "DK"))).isEqualTo(GeoHint.of("u4pr", "DK"));
        assertThat(Coarsening.to(0).apply(GeoHint.of("u4pru", "DK"))).isEqualTo(GeoHint.ofCountry("DK"));
    }

    @Test
    void thePopulationIsAskedForTheCountrysPartOfACell() {
        Population bornholm = (cell, country) -> country.equals(Country.of("DK")) ? 39_000 : 0;

        assertThat(Coarsening.of(3, 1000, bornholm).apply(GeoHint.of("u70", "DK")))
                .isEqualTo(GeoHint.of("u70", "DK"));
        assertThat(Coarsening.of(3, 1000, bornholm).apply(GeoHint.of("u70", "SE")))
                .isEqualTo(GeoHint.ofCountry("SE"));
    }

    @Test
    void aSettingOutOfRangeIsRefused() {
        assertThatThrownBy(() -> Coarsening.to(13)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Coarsening.of(5, -1, POPULATION)).isInstanceOf(IllegalArgumentException.class);
    }
}
