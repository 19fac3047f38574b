package dev.masque.server.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.masque.geohash.Country;
import dev.masque.geohash.Geohash;
import dev.masque.geohash.Place;
import dev.masque.server.access.IpPrefix;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeofeedTest {
    private static List<EgressPool> parse(String text) throws IOException {
        return Geofeed.parse(new StringReader(text));
    }

    private static EgressPool pool(String prefix, Place place) {
        return EgressPool.of(IpPrefix.parse(prefix), place);
    }

    @Test
    void aLineIsAPoolAtAPlace() throws IOException {
        Place tokyo = Place.in(Country.of("JP")).city("Tokyo").at(Geohash.of("xn76c"));
        assertThat(parse("192.0.2.0/28,JP,JP-13,Tokyo,,xn76c\n2001:db8:1::/64,jp,jp-13,Tokyo,100-0001,XN76C\r\n"))
                .containsExactly(pool("192.0.2.0/28", tokyo), pool("2001:db8:1::/64", tokyo));
    }

    @Test
    void columnsAtTheEndMayBeLeftOut() throws IOException {
        assertThat(parse("192.0.2.0/28,JP\n192.0.2.16/28,JP,JP-13,Tokyo\n192.0.2.32/28,,,\n192.0.2.48"))
                .containsExactly(
                        pool("192.0.2.0/28", Place.in(Country.of("JP"))),
                        pool("192.0.2.16/28", Place.in(Country.of("JP")).city("Tokyo")),
                        EgressPool.byDefault(IpPrefix.parse("192.0.2.32/28")),
                        EgressPool.byDefault(IpPrefix.parse("192.0.2.48/32")));
    }

    @Test
    void commentsAndEmptyLinesArePassedOver() throws IOException {
        assertThat(parse("\uFEFF# prefix,country,region,city,postal,cell\n\n   \n192.0.2.0/28,JP\n#192.0.2.0/28"))
                .hasSize(1);
    }

    @Test
    void aCityMayStandInQuotes() throws IOException {
        assertThat(parse("192.0.2.0/28,US,US-DC,\"Washington, \"\"D.C.\"\"\",,dqcjq"))
                .extracting(pool -> pool.place().orElseThrow().city().orElseThrow())
                .containsExactly("Washington, \"D.C.\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.com,JP | not an address or prefix",
                "192.0.2.0/33,JP | not an address or prefix",
                "::ffff:192.0.2.0/120,JP | not an address or prefix",
                ",JP | not an address or prefix",
                "192.0.2.0/28,XX | not an ISO 3166-1 alpha-2 country",
                "192.0.2.0/28,Japan | not an ISO 3166-1 alpha-2 country",
                "192.0.2.0/28,JP,US-CA | the region is not one of the country (ISO 3166-2)",
                "192.0.2.0/28,JP,,,,xn7a | not a geohash",
                "192.0.2.0/28,,,,,xn76c | a place without a country",
                "192.0.2.0/28,,,Tokyo | a place without a country",
                "192.0.2.0/28,JP,,,,xn76c,more | more than 6 columns",
                "192.0.2.0/28,JP,,\"Tokyo | a quote without end",
                "192.0.2.0/28,JP,,\"Tokyo\"x | no comma after a quote",
                "198.51.100.7/24,JP | the prefix is there twice",
            })
    void aLineThatIsWrongIsNamed(String line, String problem) {
        GeofeedException failure = catchThrowableOfType(
                GeofeedException.class, () -> parse("# pools\n198.51.100.0/24,GB\n" + line + "\n192.0.2.240/28,GB\n"));
        assertThat(failure.line()).isEqualTo(3);
        assertThat(failure).hasMessage("line 3: " + problem);
    }

    @Test
    void anEmptyFileHasNoPools() throws IOException {
        assertThat(parse("")).isEmpty();
    }

    @Test
    void bytesThatAreNoTextFail() {
        assertThatThrownBy(() -> parse("\0\0\0")).isInstanceOf(GeofeedException.class);
    }
}
