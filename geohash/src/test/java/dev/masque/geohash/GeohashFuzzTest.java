package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever text comes, a parser gives a value that it reads again, or its own refusal. Replays the corpus in the build. */
class GeohashFuzzTest {
    private static String text(byte[] data) {
        return new String(data, StandardCharsets.ISO_8859_1);
    }

    @FuzzTest
    void geohash(byte[] data) throws MalformedGeoException {
        Geohash cell;
        try {
            cell = Geohash.parse(text(data));
        } catch (MalformedGeoException e) {
            return;
        }
        assertThat(Geohash.parse(cell.toString())).isEqualTo(cell);
        assertThat(Geohash.encode(cell.centre(), cell.length())).isEqualTo(cell);
    }

    @FuzzTest
    void hint(byte[] data) throws MalformedGeoException {
        GeoHint hint;
        try {
            hint = GeoHint.parse(text(data));
        } catch (MalformedGeoException e) {
            return;
        }
        assertThat(GeoHint.parse(hint.format())).isEqualTo(hint);
    }

    @FuzzTest
    void attestation(byte[] data) throws MalformedGeoException {
        GeoAttestation attestation;
        try {
            attestation = GeoAttestation.parse(text(data));
        } catch (MalformedGeoException e) {
            return;
        }
        assertThat(GeoAttestation.parse(attestation.format())).isEqualTo(attestation);
    }

    /** The body alone, so that a fuzzer need not find its way through base64. */
    @FuzzTest
    void attestationBody(byte[] data) {
        String field = GeoAttestationTest.encode(data);
        try {
            assertThat(GeoAttestation.parse(field).format()).isEqualTo(field);
        } catch (MalformedGeoException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @FuzzTest
    void keys(byte[] data) throws MalformedGeoException {
        GeoKeySet keys;
        try {
            keys = GeoKeySet.parse(text(data));
        } catch (MalformedGeoException e) {
            return;
        }
        assertThat(GeoKeySet.parse(keys.format()).keyIds()).isEqualTo(keys.keyIds());
    }
}
