package dev.masque.geohash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.geohash.AttestationException.Reason;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** From the first hop's signature to the second hop's belief. */
class GeoAttestationVerifierTest {
    private static final String B = "b.example:443";
    private static final GeoHint HINT = GeoHint.of("u4pru", "DK");
    private static final Instant BEGIN = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant NOW = BEGIN.plusSeconds(1230);
    private static final Duration HOUR = Duration.ofHours(1);

    private final GeoSigningKey key = GeoSigningKey.generate();
    private final GeoKeySet keys = GeoKeySet.of(List.of(key.publicKey()));

    private GeoAttester attester(Instant now) {
        return GeoAttester.builder(key).window(HOUR).clock(fixed(now)).build();
    }

    private GeoAttestationVerifier verifier(Instant now) {
        return GeoAttestationVerifier.builder(keys)
                .audience("B.example:443")
                .audience("b.example")
                .skew(Duration.ofSeconds(30))
                .clock(fixed(now))
                .build();
    }

    private static Clock fixed(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    private static void refused(GeoAttestationVerifier verifier, GeoAttestation attestation, Reason reason) {
        for (int i = 0; i < 2; i++) { // the second time as the first
            assertThatThrownBy(() -> verifier.verify(attestation))
                    .isInstanceOfSatisfying(
                            AttestationException.class,
                            e -> assertThat(e.reason()).isEqualTo(reason));
        }
    }

    @Test
    void whatOneSignsTheOtherBelieves() throws Exception {
        String field = attester(NOW).attest(HINT, B).format();

        assertThat(verifier(NOW).verify(GeoAttestation.parse(field))).isEqualTo(HINT);
        GeoAttestation country = attester(NOW).attest(GeoHint.ofCountry("DK"), "b.example");
        assertThat(verifier(NOW).verify(country)).isEqualTo(GeoHint.ofCountry("DK"));
    }

    @Test
    void allClientsOfACellGetTheSameBytesWithinAWindow() {
        Set<String> fields = ConcurrentHashMap.newKeySet();
        for (int second = 0; second < 3600; second += 600) {
            // other attesters with the same key too: a fleet, or one that was restarted
            fields.add(attester(BEGIN.plusSeconds(second)).attest(HINT, B).format());
            fields.add(attester(BEGIN.plusSeconds(second))
                    .attest(GeoHint.of("u4pruydqqvj", "DK"), "B.EXAMPLE:443")
                    .format());
        }

        assertThat(fields).hasSize(1);
        assertThat(attester(BEGIN.plusSeconds(3600)).attest(HINT, B).format()).isNotIn(fields);
        assertThat(attester(NOW).attest(GeoHint.of("u4prv", "DK"), B).format()).isNotIn(fields);
        assertThat(attester(NOW).attest(GeoHint.of("u4pru", "SE"), B).format()).isNotIn(fields);
        assertThat(attester(NOW).attest(HINT, "c.example").format()).isNotIn(fields);
    }

    @Test
    void anAttesterSignsNoMoreThanItsPrecision() {
        assertThat(attester(NOW).attest(GeoHint.of("u4pruydqqvj", "DK"), B).hint())
                .isEqualTo(HINT);
    }

    @Test
    void aChangedByteAnywhereIsRefused() throws Exception {
        byte[] valid = GeoAttestationTest.decode(attester(NOW).attest(HINT, B));
        GeoAttestationVerifier verifier = verifier(NOW);
        for (int i = 0; i < valid.length; i++) {
            byte[] changed = valid.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> verifier.verify(GeoAttestation.parse(GeoAttestationTest.encode(changed))))
                    .isInstanceOfAny(AttestationException.class, MalformedGeoException.class);
        }
    }

    @Test
    void aChangedCellIsRefused() throws Exception {
        refused(verifier(NOW), changed(10, 'v'), Reason.SIGNATURE);
    }

    @Test
    void aChangedCountryIsRefused() throws Exception {
        refused(verifier(NOW), changed(17, 'E'), Reason.SIGNATURE);
    }

    @Test
    void aChangedWindowIsRefused() throws Exception {
        byte[] bytes = GeoAttestationTest.decode(attester(NOW).attest(HINT, B));
        ByteBuffer.wrap(bytes).putLong(18 + 8, BEGIN.plusSeconds(3 * 3600).getEpochSecond());

        refused(
                verifier(BEGIN.plusSeconds(9000)),
                GeoAttestation.parse(GeoAttestationTest.encode(bytes)),
                Reason.SIGNATURE);
    }

    @Test
    void anotherAudienceIsRefusedAndSoIsAChangedOne() throws Exception {
        refused(verifier(NOW), attester(NOW).attest(HINT, "c.example:443"), Reason.AUDIENCE);

        byte[] bytes = GeoAttestationTest.decode(attester(NOW).attest(HINT, "c.example:443"));
        bytes[36] = 'b';
        refused(verifier(NOW), GeoAttestation.parse(GeoAttestationTest.encode(bytes)), Reason.SIGNATURE);
    }

    @Test
    void anotherKeyIsRefusedAndSoIsOneThatClaimsToBeOurs() throws Exception {
        GeoSigningKey other = GeoSigningKey.generate();
        GeoAttestation foreign =
                GeoAttester.builder(other).clock(fixed(NOW)).build().attest(HINT, B);
        refused(verifier(NOW), foreign, Reason.UNKNOWN_KEY);

        GeoAttestation claim = GeoAttestation.unsigned(key.id(), HINT, BEGIN, BEGIN.plus(HOUR), B);
        refused(verifier(NOW), claim.signed(other.sign(claim.toBeSigned())), Reason.SIGNATURE);
    }

    private GeoAttestation changed(int at, char to) throws MalformedGeoException {
        byte[] bytes = GeoAttestationTest.decode(attester(NOW).attest(HINT, B));
        bytes[at] = (byte) to;
        return GeoAttestation.parse(GeoAttestationTest.encode(bytes));
    }

    @Test
    void aWindowHoldsFromItsBeginToTheEndOfTheNextGiveOrTakeTheSkew() {
        GeoAttestation attestation = attester(NOW).attest(HINT, B);
        Instant end = BEGIN.plus(HOUR).plus(HOUR);

        refused(verifier(BEGIN.minusSeconds(31)), attestation, Reason.NOT_YET_VALID);
        assertThatCode(() -> verifier(BEGIN.minusSeconds(30)).verify(attestation))
                .doesNotThrowAnyException();
        assertThatCode(() -> verifier(end.plusSeconds(29)).verify(attestation)).doesNotThrowAnyException();
        refused(verifier(end.plusSeconds(30)), attestation, Reason.EXPIRED);
    }

    @Test
    void whatWasVerifiedOnceStillExpires() throws Exception {
        Instant[] now = {NOW};
        GeoAttestationVerifier verifier = GeoAttestationVerifier.builder(keys)
                .audience(B)
                .clock(new Clock() {
                    @Override
                    public ZoneOffset getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return now[0];
                    }
                })
                .build();
        GeoAttestation attestation = attester(NOW).attest(HINT, B);

        assertThat(verifier.verify(attestation)).isEqualTo(HINT);
        now[0] = NOW.plus(Duration.ofHours(3));
        refused(verifier, attestation, Reason.EXPIRED);
    }

    @Test
    void anAttestationThatLastsTooLongIsRefused() {
        GeoAttestationVerifier verifier = GeoAttestationVerifier.builder(keys)
                .audience(B)
                .maxWindow(HOUR)
                .clock(fixed(NOW))
                .build();

        refused(verifier, attester(NOW).attest(HINT, B), Reason.WINDOW);
    }

    @Test
    void keysAreRotatedWithOverlap() throws Exception {
        GeoSigningKey next = GeoSigningKey.generate();
        GeoAttestation old = attester(NOW).attest(HINT, B);
        GeoAttestation young =
                GeoAttester.builder(next).clock(fixed(NOW)).build().attest(HINT, B);
        GeoAttestationVerifier verifier = verifier(NOW);

        assertThat(verifier.verify(old)).isEqualTo(HINT);
        refused(verifier, young, Reason.UNKNOWN_KEY);

        verifier.replaceKeys(GeoKeySet.parse(
                GeoKeySet.of(List.of(next.publicKey(), key.publicKey())).format()));
        assertThat(verifier.verify(old)).isEqualTo(HINT);
        assertThat(verifier.verify(young)).isEqualTo(HINT);

        verifier.replaceKeys(GeoKeySet.of(List.of(next.publicKey())));
        refused(verifier, old, Reason.UNKNOWN_KEY);
        assertThat(verifier.verify(young)).isEqualTo(HINT);
    }

    @Test
    void aHintMaySayLessThanIsAttestedAndNeverMore() throws Exception {
        GeoAttestation attestation = attester(NOW).attest(HINT, B);
        GeoAttestationVerifier verifier = verifier(NOW);

        assertThat(verifier.verify(attestation, HINT)).isEqualTo(HINT);
        assertThat(verifier.verify(attestation, GeoHint.of("u4p", "DK"))).isEqualTo(GeoHint.of("u4p", "DK"));
        assertThat(verifier.verify(attestation, GeoHint.ofCountry("DK"))).isEqualTo(GeoHint.ofCountry("DK"));
        for (GeoHint wrong : List.of(GeoHint.of("u4prv", "DK"), GeoHint.of("u4pruy", "DK"), GeoHint.ofCountry("SE"))) {
            assertThatThrownBy(() -> verifier.verify(attestation, wrong))
                    .isInstanceOfSatisfying(
                            AttestationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.HINT));
        }
    }

    @Test
    void manyThreadsAttestAndVerifyWhileKeysAreReplaced() throws Exception {
        GeoAttester attester = attester(NOW);
        GeoAttestationVerifier verifier = verifier(NOW);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> results = threads.invokeAll(
                    IntStream.range(0, 8)
                            .<Callable<Boolean>>mapToObj(n -> () -> {
                                for (int i = 0; i < 50; i++) {
                                    GeoHint hint = GeoHint.of(
                                            Geohash.of("u4").children().get(i % 32), Country.of("DK"));
                                    if (i % 10 == n) {
                                        verifier.replaceKeys(keys);
                                    }
                                    if (!verifier.verify(attester.attest(hint, B))
                                            .equals(hint)) {
                                        return false;
                                    }
                                }
                                return true;
                            })
                            .toList(),
                    30,
                    TimeUnit.SECONDS);
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> GeoAttester.builder(key).window(Duration.ofMillis(1500)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoAttester.builder(key).window(Duration.ofDays(8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GeoAttester.builder(key).precision(13)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attester(NOW).attest(HINT, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attester(NOW).attest(HINT, "b example")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attester(NOW).attest(HINT, "\u212a.example"))
                .isInstanceOf(IllegalArgumentException.class);
        GeoAttestationVerifier.Builder builder = GeoAttestationVerifier.builder(keys);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("audience");
        assertThatThrownBy(() -> builder.skew(Duration.ofHours(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxWindow(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
