package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.server.egress.EgressPool;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.egress.Geofeed;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlPoolsTest {
    private static final String GOOD = """
            # ours
            pools:
              - prefixes: [192.0.2.0/28, "2001:db8:1::/64"]
                country: JP
                region: JP-13
                city: Tokyo
                cell: xn76c
              - prefix: 198.51.100.0/24
                country: gb
              - prefix: 203.0.113.0/28
            """;

    private static List<EgressPool> parse(String text) throws IOException {
        return YamlPools.parse(new StringReader(text));
    }

    @Test
    void saysTheSameAsAGeofeed() throws IOException {
        String feed = """
                192.0.2.0/28,JP,JP-13,Tokyo,,xn76c
                2001:db8:1::/64,JP,JP-13,Tokyo,,xn76c
                198.51.100.0/24,GB
                203.0.113.0/28,
                """;

        assertThat(parse(GOOD)).isEqualTo(Geofeed.parse(new StringReader(feed)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pools: [{prefix: x}] | line 1: not an address or prefix",
                "pools: [{prefix: 192.0.2.1, country: XX}] | line 1: not an ISO 3166-1 alpha-2 country",
                "pools: [{prefix: 192.0.2.1, country: JP, region: GB-1}] | line 1: the region is not one of the country",
                "pools: [{prefix: 192.0.2.1, country: JP, cell: a}] | line 1: not a geohash",
                "pools: [{prefix: 192.0.2.1, cell: xn76c}] | line 1: a place without a country",
                "pools: [{prefix: 192.0.2.1}, {prefix: 192.0.2.1}] | line 1: a prefix is there twice",
                "pools: [{prefix: 192.0.2.1, prefix: 192.0.2.2}] | line 1: prefix twice",
                "pools: [{country: JP}] | line 1: a pool without prefix",
                "pools: [{address: 192.0.2.1}] | line 1: not one of prefix",
                "pools: [192.0.2.1] | line 1: a pool is expected here",
                "pools: {} | line 1: a list of pools is expected here",
                "others: [] | line 1: nothing but pools:",
                "[] | line 1: pools: is expected here",
                "pools: [{prefix: &a 192.0.2.1}] | line 1: anchors and aliases are not taken",
                "pools: [{prefix: *a}] | line 1: anchors and aliases are not taken",
                "pools: [{prefix: !!int 1}] | line 1: tags are not taken",
                "pools: [{prefixes: [[192.0.2.1]]}] | line 1: a plain value is expected here",
                "pools: [ | no YAML",
            })
    void whatIsWrongIsSaidWithItsLine(String text, String message) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> parse(text))
                .withMessageStartingWith(message);
    }

    @Test
    void theLineIsThatOfThePool() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> parse(GOOD.replace("xn76c", "oops")))
                .withMessageContaining("line 3: not a geohash");
    }

    @Test
    @Timeout(20)
    void aBombIsRefusedAtOnce() {
        StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (char c = 'b'; c < 'k'; c++) {
            bomb.append(c).append(": &").append(c).append(" [");
            bomb.append(("*" + (char) (c - 1) + ",").repeat(9)).append("x]\n");
        }
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> parse(bomb.toString()));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> parse("[".repeat(1_000_000)));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> parse("pools: " + "[".repeat(1_000_000)));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsInAFileItFailsInOneWay(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int j = random.nextInt(1, 6); j > 0; j--) {
                int at = random.nextInt(text.length());
                text.replace(at, Math.min(text.length(), at + random.nextInt(4)), "" + (char) random.nextInt(1, 127));
            }
            try {
                assertThat(parse(text.toString())).isNotNull();
            } catch (IOException expected) {
                assertThat(expected).hasMessageNotContaining("dev.masque");
            }
        }
    }

    @Test
    void isReadAgainWhenItChanges(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("pools.yaml"), GOOD);
        EgressSelector selector =
                EgressSelector.builder().file(file, YamlPools.orGeofeed(file)).build();
        Files.writeString(file, "pools: [{prefix: 203.0.113.0/28}]");

        assertThat(selector.reload()).isTrue();

        assertThat(selector.size()).isEqualTo(1);
    }

    @Test
    void theEndingOfTheNameTellsTheForm(@TempDir Path folder) throws IOException {
        Path yaml = Files.writeString(folder.resolve("Pools.YML"), GOOD);
        Path feed = Files.writeString(folder.resolve("pools.csv"), "192.0.2.0/28,JP\n");

        assertThat(YamlPools.orGeofeed(yaml).read(yaml)).hasSize(4);
        assertThat(YamlPools.orGeofeed(feed).read(feed)).hasSize(1);
    }
}
