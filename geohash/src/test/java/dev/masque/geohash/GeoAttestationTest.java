package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of an attestation, whoever signed it. */
class GeoAttestationTest {
    static final Instant NOW = Instant.parse("2026-11-20T10:20:30Z");

    /** The key of RFC 8410, 10.3; its public half is printed in 10.1. */
    static final String PRIVATE_PEM = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """;

    static final String PUBLIC_PEM = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
            -----END PUBLIC KEY-----
            """;

    static LongStream seeds() {
        return LongStream.range(0, 10);
    }

    static GeoAttester attester(GeoSigningKey key, Instant now) {
        return GeoAttester.builder(key)
                .precision(12)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build();
    }

    static GeoAttestation attestation() throws MalformedGeoException {
        return attester(GeoSigningKey.parse(PRIVATE_PEM), NOW).attest(GeoHint.of("u4pru", "DK"), "b.example:443");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anAttestationComesBackFromItsField(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        GeoAttester attester = attester(GeoSigningKey.generate(), NOW.plusSeconds(random.nextInt()));
        for (int i = 0; i < 20; i++) {
            GeoAttestation attestation = attester.attest(GeoHintTest.hint(random), "B".repeat(random.nextInt(1, 301)));

            GeoAttestation again = GeoAttestation.parse(attestation.format());

            assertThat(again).isEqualTo(attestation).hasSameHashCodeAs(attestation);
            assertThat(again.format()).isEqualTo(attestation.format()).hasSizeLessThanOrEqualTo(1024);
        }
    }

    @Test
    void theFieldIsTheDocumentedBytes() throws Exception {
        GeoAttestation attestation = attestation();
        byte[] bytes = decode(attestation);

        String body = "01" + attestation.keyId() + "05" + hex("u4pru") + "02" + hex("DK")
                + HexFormat.of()
                        .toHexDigits(Instant.parse("2026-11-20T10:00:00Z").getEpochSecond())
                + HexFormat.of()
                        .toHexDigits(Instant.parse("2026-11-20T12:00:00Z").getEpochSecond())
                + "000d" + hex("b.example:443");
        assertThat(HexFormat.of().formatHex(bytes)).startsWith(body).hasSize(body.length() + 128);

        // by hand, without any of our code
        Signature signature = Signature.getInstance("Ed25519");
        byte[] spki = Base64.getDecoder().decode(PUBLIC_PEM.lines().toList().get(1));
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
        signature.update("geohash-attestation\0".getBytes(StandardCharsets.US_ASCII));
        signature.update(HexFormat.of().parseHex(body));
        assertThat(signature.verify(Arrays.copyOfRange(bytes, bytes.length - 64, bytes.length)))
                .isTrue();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(spki);
        assertThat(attestation.keyId()).isEqualTo(HexFormat.of().formatHex(hash, 0, 8));
    }

    @Test
    void itSaysWhatWasSigned() throws Exception {
        GeoAttestation attestation = attestation();

        assertThat(attestation.hint()).isEqualTo(GeoHint.of("u4pru", "DK"));
        assertThat(attestation.audience()).isEqualTo("b.example:443");
        assertThat(attestation.notBefore()).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(attestation.notAfter()).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(attestation)
                .hasToString("u4pru-DK for b.example:443 from 2026-11-20T10:00:00Z to" + " 2026-11-20T12:00:00Z by key "
                        + attestation.keyId());
    }

    @Test
    void parametersAreIgnored() throws Exception {
        assertThat(GeoAttestation.parse(" " + attestation().format() + ";v=1;x "))
                .isEqualTo(attestation());
    }

    @Test
    void everyPrefixIsMalformed() throws Exception {
        byte[] bytes = decode(attestation());
        for (int length = 0; length < bytes.length; length++) {
            String field = ':' + Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, length)) + ':';
            assertThatThrownBy(() -> GeoAttestation.parse(field)).isInstanceOf(MalformedGeoException.class);
        }
        String field = attestation().format();
        for (int length = 0; length < field.length(); length++) {
            String prefix = field.substring(0, length);
            assertThatThrownBy(() -> GeoAttestation.parse(prefix)).isInstanceOf(MalformedGeoException.class);
        }
    }

    @Test
    void aSecondFormOfTheSameIsMalformed() throws Exception {
        byte[] bytes = decode(attestation());
        refused(encode(Arrays.copyOf(bytes, bytes.length + 1)), Reason.SYNTAX);
        byte[] upper = bytes.clone();
        upper[10] = 'U'; // the cell
        refused(encode(upper), Reason.SYNTAX);
        byte[] lower = bytes.clone();
        lower[16] = 'd'; // the country
        refused(encode(lower), Reason.SYNTAX);
        byte[] audience = bytes.clone();
        audience[bytes.length - 64 - 1 - 12] = 'B';
        refused(encode(audience), Reason.SYNTAX);
        String padded = attestation().format();
        assertThat(padded).endsWith("=:");
        refused(padded.replace("=", ""), Reason.SYNTAX);
        refused(padded.replaceFirst("(.)=+:$", "/="), Reason.SYNTAX);
    }

    @Test
    void aVersionFromTheFutureIsSaidToBeOne() throws Exception {
        byte[] bytes = decode(attestation());
        bytes[0] = 2;
        refused(encode(bytes), Reason.VERSION);
    }

    @Test
    void valuesOutOfRangeAreMalformed() throws Exception {
        byte[] bytes = decode(attestation());
        int window = 1 + 8 + 6 + 3;
        refused(encode(ByteBuffer.wrap(bytes.clone()).putLong(window, -1).array()), Reason.SYNTAX);
        refused(
                encode(ByteBuffer.wrap(bytes.clone())
                        .putLong(window, Long.MAX_VALUE)
                        .array()),
                Reason.SYNTAX);
        refused(encode(ByteBuffer.wrap(bytes.clone()).putLong(window + 8, 0).array()), Reason.SYNTAX);
        refused(
                encode(ByteBuffer.wrap(bytes.clone())
                        .putShort(window + 16, (short) -1)
                        .array()),
                Reason.SYNTAX);
        refused(encode(ByteBuffer.wrap(bytes.clone()).put(10, (byte) 'a').array()), Reason.GEOHASH);
        refused(encode(ByteBuffer.wrap(bytes.clone()).put(16, (byte) 'X').array()), Reason.COUNTRY);
        refused(
                encode(ByteBuffer.wrap(bytes.clone())
                        .put(window + 18, (byte) ' ')
                        .array()),
                Reason.SYNTAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAA", ":AAAA", ":!!!!:", "\"u4pru\"", ":AA==:x", "?1"})
    void whatIsNoByteSequenceIsMalformed(String field) {
        refused(field, Reason.SYNTAX);
    }

    @Test
    void aFieldIsBounded() {
        refused(':' + "A".repeat(2000) + ':', Reason.TOO_LONG);
        refused("", Reason.EMPTY);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anythingGivesAnAttestationOrTheDeclaredException(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] valid = decode(attestation());
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = Arrays.copyOf(valid, valid.length + random.nextInt(-2, 3));
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(GeoAttestation.parse(encode(bytes)).format()).isEqualTo(encode(bytes));
            } catch (MalformedGeoException e) {
                assertThat(e.reason()).isNotNull();
            }
        }
    }

    private static void refused(String field, Reason reason) {
        assertThatThrownBy(() -> GeoAttestation.parse(field))
                .isInstanceOfSatisfying(
                        MalformedGeoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    static byte[] decode(GeoAttestation attestation) {
        return Base64.getDecoder().decode(attestation.format().replace(":", ""));
    }

    static String encode(byte[] bytes) {
        return ':' + Base64.getEncoder().encodeToString(bytes) + ':';
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
