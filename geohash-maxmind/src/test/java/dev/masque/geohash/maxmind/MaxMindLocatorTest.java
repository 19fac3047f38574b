package dev.masque.geohash.maxmind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.masque.geohash.Coarsening;
import dev.masque.geohash.Country;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoPoint;
import dev.masque.geohash.Geohash;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaxMindLocatorTest {
    private static final Path VECTORS = Path.of("src/test/resources/vectors");
    private static final String LONDON = "81.2.69.160";

    private static MaxMindLocator open(String file) throws IOException {
        return MaxMindLocator.open(VECTORS.resolve(file));
    }

    private static InetAddress address(String literal) throws IOException {
        return InetAddress.getByName(literal);
    }

    @ParameterizedTest
    @CsvSource({
        "GeoIP2-City-Test.mmdb, geoip2-city-test.expected.json",
        "GeoLite2-City-Test.mmdb, geolite2-city-test.expected.json",
    })
    void everyNetworkIsWhereTheSourceOfTheDatabaseHasIt(String file, String expected) throws Exception {
        int known = 0;
        try (MaxMindLocator locator = open(file)) {
            for (JsonNode row :
                    new ObjectMapper().readTree(VECTORS.resolve(expected).toFile())) {
                String network = row.get("network").asText();
                Optional<GeoHint> found = locator.locate(address(network.substring(0, network.indexOf('/'))));
                assertThat(found).as(network).isEqualTo(expected(row));
                known += found.isPresent() ? 1 : 0;
            }
        }
        assertThat(known).isGreaterThan(200);
    }

    private static Optional<GeoHint> expected(JsonNode row) {
        if (row.get("country_iso_code").isNull()
                || !Arrays.asList(java.util.Locale.getISOCountries())
                        .contains(row.get("country_iso_code").asText())) {
            return Optional.empty();
        }
        Country country = Country.of(row.get("country_iso_code").asText());
        if (row.get("latitude").isNull()) {
            return Optional.of(GeoHint.ofCountry(country));
        }
        GeoPoint point =
                GeoPoint.of(row.get("latitude").asDouble(), row.get("longitude").asDouble());
        return Optional.of(GeoHint.of(Geohash.encode(point, 6), country));
    }

    @Test
    void aDatabaseOfCountriesGivesTheCountryOnly() throws IOException {
        try (MaxMindLocator locator = open("GeoLite2-Country-Test.mmdb")) {
            assertThat(locator.locate(address(LONDON))).contains(GeoHint.ofCountry("GB"));
        }
    }

    @Test
    void whatIsFoundIsCutAndCoarsened() throws IOException {
        try (MaxMindLocator locator = open("GeoIP2-City-Test.mmdb")) {
            GeoHint london = locator.locate(address(LONDON)).orElseThrow();
            assertThat(Coarsening.to(5).apply(london).format()).isEqualTo("gcpvj-GB");
            Coarsening crowd = Coarsening.of(5, 1_000_000, (cell, country) -> cell.length() <= 3 ? 9_000_000 : 900_000);
            assertThat(crowd.apply(london).format()).isEqualTo("gcp-GB");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "::1", "192.0.2.1"})
    void ofAnAddressThatIsNowhereNothingIsKnown(String address) throws IOException {
        try (MaxMindLocator locator = open("GeoIP2-City-Test.mmdb")) {
            assertThat(locator.locate(address(address))).isEmpty();
        }
    }

    @Test
    void aDatabaseWithoutPlacesIsRefused() {
        assertThatThrownBy(() -> open("GeoLite2-ASN-Test.mmdb"))
                .isInstanceOf(IOException.class)
                .hasMessage("a database without places: GeoLite2-ASN");
    }

    static Stream<Path> broken() throws IOException {
        try (Stream<Path> files = Files.list(VECTORS.resolve("bad-data"))) {
            return Stream.concat(
                    files.sorted().toList().stream(),
                    Stream.of(
                            VECTORS.resolve("GeoIP2-City-Test-Broken-Double-Format.mmdb"),
                            VECTORS.resolve("GeoIP2-City-Test-Invalid-Node-Count.mmdb")))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenDatabaseIsRefusedOrKnowsNothing(Path file) throws IOException {
        try (MaxMindLocator locator = MaxMindLocator.open(file)) {
            for (String address : new String[] {LONDON, "1.1.1.1", "::1", "2001:218::", "255.255.255.255"}) {
                assertThat(locator.locate(address(address))).as(address).isNotNull();
            }
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining(LONDON);
        }
    }

    @Test
    void aDatabaseIsReplacedWhileItIsInUse(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("places.mmdb");
        Files.copy(VECTORS.resolve("GeoLite2-Country-Test.mmdb"), file);
        try (MaxMindLocator locator = MaxMindLocator.open(file)) {
            Path next = Files.copy(VECTORS.resolve("GeoIP2-City-Test.mmdb"), folder.resolve("next"));
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
            assertThat(locator.locate(address(LONDON)).orElseThrow().cell()).isEmpty();
            locator.reload();
            assertThat(locator.locate(address(LONDON)).orElseThrow().cell()).isPresent();
            Files.writeString(folder.resolve("next"), "nonsense");
            Files.move(folder.resolve("next"), file, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(locator::reload).isInstanceOf(IOException.class);
            assertThat(locator.locate(address(LONDON))).isPresent();
        }
    }

    @Test
    void aLocatorThatIsClosedKnowsNothing() throws IOException {
        MaxMindLocator locator = open("GeoIP2-City-Test.mmdb");
        locator.close();
        assertThat(locator.locate(address(LONDON))).isEmpty();
    }
}
