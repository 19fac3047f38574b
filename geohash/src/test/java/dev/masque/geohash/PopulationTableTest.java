package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PopulationTableTest {
    private static final Country DE = Country.of("DE");

    private static PopulationTable parse(String text) throws IOException {
        return PopulationTable.parse(new StringReader(text));
    }

    private static String geoNames(String latitude, String longitude, String code, String country, String people) {
        return "1\tName\tName\t\t" + latitude + "\t" + longitude + "\tP\t" + code + "\t" + country
                + "\t\t16\t00\t11000\t11000000\t" + people + "\t74\t43\tEurope/Berlin\t2022-12-08";
    }

    @Test
    void peopleCountInTheCellAndInAllAroundIt() throws IOException {
        PopulationTable table = parse("# cell,country,people\n\nu33dc,DE,3000\nu33db1,DE,200\nu33dc,PL,10\n");
        assertThat(table.people(Geohash.of("u33dc"), DE)).isEqualTo(3000);
        assertThat(table.people(Geohash.of("u33db1"), DE)).isEqualTo(200);
        assertThat(table.people(Geohash.of("u33d"), DE)).isEqualTo(3200);
        assertThat(table.people(Geohash.of("u"), DE)).isEqualTo(3200);
        assertThat(table.people(Geohash.of("u33d"), Country.of("PL"))).isEqualTo(10);
        assertThat(table.people(Geohash.of("u33dc1"), DE)).isZero();
        assertThat(table.people(Geohash.of("xn76c"), DE)).isZero();
    }

    @Test
    void theTablesOfGeoNamesAreRead() throws IOException {
        PopulationTable table = parse(geoNames("52.52437", "13.41053", "PPLC", "DE", "3426354") + "\n"
                + geoNames("52.53048", "13.38", "PPLX", "DE", "100000") + "\n"
                + geoNames("42.67272", "21.16688", "PPLC", "XK", "550000") + "\n");
        assertThat(table.people(Geohash.of("u33d"), DE)).isEqualTo(3_426_354);
    }

    @Test
    void aHintIsCoarsenedUntilEnoughPeopleAreMeant() throws IOException {
        Coarsening coarsening = Coarsening.of(5, 1000, parse("u33dc,DE,300\nu33db,DE,300\nu33e,DE,500\nxn76c,JP,5000"));
        assertThat(coarsening.apply(GeoHint.of("u33dc", "DE")).format()).isEqualTo("u33-DE");
        assertThat(coarsening.apply(GeoHint.of("xn76c", "JP")).format()).isEqualTo("xn76c-JP");
        assertThat(coarsening.apply(GeoHint.of("gcpvj", "GB")).format()).isEqualTo("GB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u33dc,DE", "u33dc,DE,many", "u33dc,XX,1", "aaa,DE,1", "u33dc,DE,-1", "1\t2\t3", "x"})
    void aLineThatIsWrongIsNamed(String line) {
        assertThatThrownBy(() -> parse("u33dc,DE,1\n" + line))
                .isInstanceOf(MalformedGeoException.class)
                .hasMessage("line 2: not a place and its people");
    }

    @Test
    void aPlaceBeyondTheEarthIsWrong() {
        assertThatThrownBy(() -> parse(geoNames("95", "13.4", "PPL", "DE", "1")))
                .isInstanceOf(MalformedGeoException.class);
    }
}
