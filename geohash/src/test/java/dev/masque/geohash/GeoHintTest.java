package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeoHintTest {
    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    static GeoHint hint(SplittableRandom random) {
        Country country = Country.of(new String[] {"JP", "GB", "US", "FJ", "NZ"}[random.nextInt(5)]);
        return random.nextInt(4) == 0 ? GeoHint.ofCountry(country) : GeoHint.of(GeohashTest.cell(random), country);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', textBlock = """
            xn76c-JP,            xn76c-JP
            9q8yy-US,            9q8yy-US
            u4pruydqqvj-GB,      u4pruydqqvj-GB
            XN76C-jp,            xn76c-JP
            JP,                  JP
            jp,                  JP
            '"xn76c-JP"',        xn76c-JP
            '"JP"',              JP
            '  xn76c-JP\t',      xn76c-JP
            xn76c-JP;v=1,        xn76c-JP
            '"xn76c-JP";a;b="x\\"y";c=?0;d=:AA==:', xn76c-JP
            'xn76c-JP; a=1.5;b=-7;c=tok/en;d=@99;e=%"f%c3%bc\\"', xn76c-JP
            '"xn76c\\-JP"',      ''
            """)
    void everyFormIsReadAndTheBareOneWritten(String field, String expected) throws Exception {
        if (expected.isEmpty()) {
            assertThatThrownBy(() -> GeoHint.parse(field)).isInstanceOf(MalformedGeoException.class);
        } else {
            assertThat(GeoHint.parse(field).format()).isEqualTo(expected);
        }
    }

    @Test
    void theCountryIsKeptWhereTheCellLiesElsewhere() throws Exception {
        GeoHint hint = GeoHint.parse("u4pruydqqvj-GB"); // the product's example: the cell is in Denmark

        assertThat(hint.country()).isEqualTo(Country.of("GB"));
        assertThat(hint.cell()).contains(Geohash.of("u4pruydqqvj"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', textBlock = """
            '',                  EMPTY
            '   ',               EMPTY
            '""',                EMPTY
            -JP,                 EMPTY
            xn76c-,              EMPTY
            xn76c,               SYNTAX
            xn76c-XX,            COUNTRY
            xn76c-JPN,           COUNTRY
            xn76c-J,             COUNTRY
            xn76c--JP,           COUNTRY
            xn76c-JP-JP,         COUNTRY
            XX,                  COUNTRY
            'xn76c-J\u0131',     COUNTRY
            xn76a-JP,            GEOHASH
            'xn 6c-JP',          GEOHASH
            0123456789bcd-JP,    TOO_LONG
            '"xn76c-JP',         SYNTAX
            '"xn76c-JP"x',       SYNTAX
            '"xn76c-JP" ;a',     SYNTAX
            xn76c-JP;,           SYNTAX
            xn76c-JP;=1,         SYNTAX
            xn76c-JP;A=1,        SYNTAX
            xn76c-JP;a=,         SYNTAX
            xn76c-JP;a=?2,       SYNTAX
            xn76c-JP;a=1.,       SYNTAX
            xn76c-JP;a=1234567890123456, SYNTAX
            xn76c-JP;a=1234567890123.1, SYNTAX
            xn76c-JP;a=:AA,      SYNTAX
            'xn76c-JP, xn76d-JP', COUNTRY
            """)
    void whatIsNoHintIsRefusedWithAReason(String field, Reason reason) {
        assertThatThrownBy(() -> GeoHint.parse(field))
                .isInstanceOfSatisfying(
                        MalformedGeoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aFieldIsBounded() {
        assertThatThrownBy(() -> GeoHint.parse("xn76c-JP;a=\"" + "x".repeat(200) + "\""))
                .isInstanceOfSatisfying(
                        MalformedGeoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LONG));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aHintComesBackFromBothItsForms(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++) {
            GeoHint hint = hint(random);

            assertThat(GeoHint.parse(hint.format())).isEqualTo(hint).hasSameHashCodeAs(hint);
            assertThat(GeoHint.parse('"' + hint.format() + '"')).isEqualTo(hint);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anythingGivesAHintOrTheDeclaredException(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String letters = "xn76c-JP\";=?:*% \\\t\u00e9aA19.@";
        for (int i = 0; i < 5000; i++) {
            StringBuilder field = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                field.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                GeoHint hint = GeoHint.parse(field.toString());
                assertThat(hint.format()).hasSizeLessThanOrEqualTo(15);
            } catch (MalformedGeoException e) {
                assertThat(e.reason()).isNotNull();
            }
        }
    }

    @Test
    void aHintIsCutToAPrecision() {
        GeoHint hint = GeoHint.of("u4pruydqqvj", "DK");

        assertThat(hint.cutTo(5)).isEqualTo(GeoHint.of("u4pru", "DK"));
        assertThat(hint.cutTo(12)).isEqualTo(hint);
        assertThat(hint.cutTo(0)).isEqualTo(GeoHint.ofCountry("DK"));
        assertThat(GeoHint.ofCountry("DK").cutTo(5)).isEqualTo(GeoHint.ofCountry("DK"));
    }

    @Test
    void aHintCoversWhatSaysMore() {
        GeoHint hint = GeoHint.of("u4pru", "DK");

        assertThat(GeoHint.of("u4p", "DK").covers(hint)).isTrue();
        assertThat(GeoHint.ofCountry("DK").covers(hint)).isTrue();
        assertThat(hint.covers(hint)).isTrue();
        assertThat(hint.covers(GeoHint.ofCountry("DK"))).isFalse();
        assertThat(GeoHint.of("u4pruy", "DK").covers(hint)).isFalse();
        assertThat(GeoHint.ofCountry("SE").covers(hint)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "J", "JPN", "XX", "J1"})
    void aCountryThatIsNoneIsTheCallersMistake(String code) {
        assertThatThrownBy(() -> GeoHint.of("xn76c", code)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoHint.ofCountry(code)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyCountryOfTheStandardIsKnown() {
        for (String code : Locale.getISOCountries()) {
            assertThat(Country.of(code)).hasToString(code).isSameAs(Country.of(code));
        }
    }
}
