package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published pairs; vectors/README.md says whose they are. */
class GeohashVectorTest {
    private static final Map<String, Direction> DIRECTIONS = Map.of(
            "n", Direction.NORTH,
            "ne", Direction.NORTH_EAST,
            "e", Direction.EAST,
            "se", Direction.SOUTH_EAST,
            "s", Direction.SOUTH,
            "sw", Direction.SOUTH_WEST,
            "w", Direction.WEST,
            "nw", Direction.NORTH_WEST);

    static Stream<JsonNode> encodings() throws IOException {
        return Stream.concat(elements(read("encode.mmcloughlin-geohash.json")), known("encode"));
    }

    static Stream<JsonNode> boxes() throws IOException {
        return elements(read("decode-boxes.mmcloughlin-geohash.json"));
    }

    static Stream<JsonNode> centres() throws IOException {
        return known("decode");
    }

    static Stream<JsonNode> neighbours() throws IOException {
        return Stream.concat(elements(read("neighbours.mmcloughlin-geohash.json")), known("neighbours"));
    }

    static Stream<JsonNode> invalid() throws IOException {
        return known("invalid");
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void aPointHasItsPublishedGeohashAtEveryLength(JsonNode vector) {
        GeoPoint point =
                GeoPoint.of(vector.get("lat").asDouble(), vector.get("lon").asDouble());
        String geohash = vector.get("geohash").asText();

        for (int length = 1; length <= geohash.length(); length++) {
            assertThat(Geohash.encode(point, length)).hasToString(geohash.substring(0, length));
        }
        if (vector.has("uint64_hex")) {
            assertThat(Geohash.encode(point, 12).bits())
                    .isEqualTo(Long.parseUnsignedLong(vector.get("uint64_hex").asText(), 16) >>> 4);
        }
    }

    @ParameterizedTest
    @MethodSource("boxes")
    void aGeohashHasItsPublishedBox(JsonNode vector) {
        GeoBox box = Geohash.of(vector.get("geohash").asText()).box();

        assertThat(box.south()).isEqualTo(vector.get("lat_min").asDouble(), within(1e-9));
        assertThat(box.north()).isEqualTo(vector.get("lat_max").asDouble(), within(1e-9));
        assertThat(box.west()).isEqualTo(vector.get("lon_min").asDouble(), within(1e-9));
        assertThat(box.east()).isEqualTo(vector.get("lon_max").asDouble(), within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("centres")
    void aPublishedCentreIsWithinTheErrorOfOurs(JsonNode vector) {
        Geohash cell = Geohash.of(vector.get("geohash").asText());

        assertThat(cell.centre().latitude())
                .isEqualTo(vector.get("lat").asDouble(), within(Math.max(cell.latitudeError(), 5e-6)));
        assertThat(cell.centre().longitude())
                .isEqualTo(vector.get("lon").asDouble(), within(Math.max(cell.longitudeError(), 5e-6)));
    }

    @ParameterizedTest
    @MethodSource("neighbours")
    void aGeohashHasItsPublishedNeighbours(JsonNode vector) {
        Geohash cell = Geohash.of(vector.get("geohash").asText());

        DIRECTIONS.forEach((name, direction) -> {
            if (vector.has(name)) {
                assertThat(cell.neighbour(direction))
                        .contains(Geohash.of(vector.get(name).asText()));
            }
        });
        if (vector.has("set")) {
            assertThat(cell.neighbours())
                    .map(Geohash::toString)
                    .containsExactlyInAnyOrderElementsOf(
                            elements(vector.get("set")).map(JsonNode::asText).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidGeohashIsRefused(JsonNode vector) {
        assertThatThrownBy(() -> Geohash.parse(vector.get("geohash").asText()))
                .isInstanceOf(MalformedGeoException.class);
    }

    @Test
    void theAlphabetIsThePublishedOne() throws IOException {
        String alphabet = read("known-pairs.json").get("alphabet").asText();

        assertThat(Geohash.of("s").children())
                .map(Geohash::toString)
                .containsExactlyElementsOf(
                        alphabet.chars().mapToObj(c -> "s" + (char) c).toList());
    }

    private static Stream<JsonNode> known(String name) throws IOException {
        return elements(read("known-pairs.json").get(name));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode read(String name) throws IOException {
        try (InputStream in = GeohashVectorTest.class.getResourceAsStream("/vectors/" + name)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
        }
    }
}
