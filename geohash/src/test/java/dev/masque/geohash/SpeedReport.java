package dev.masque.geohash;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/** Prints what an index costs to build and to ask, and an attestation to sign and to verify. A main, not a test. */
final class SpeedReport {
    private static final int ENTRIES = 100_000;
    private static final int HINTS = 1 << 14;

    private SpeedReport() {}

    public static void main(String[] args) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        List<Country> countries = List.of("JP", "GB", "US", "FJ", "DE", "BR", "IN", "ZA").stream()
                .map(Country::of)
                .toList();
        report(
                "100,000 entries, 100,000 places, one country",
                random,
                1,
                i -> Place.in(countries.get(0)).at(anywhere(random)));
        report(
                "100,000 entries, 100,000 places, 8 countries",
                random,
                8,
                i -> Place.in(countries.get(i % 8)).at(anywhere(random)));
        GeoPoint[] cities = new GeoPoint[2000];
        for (int i = 0; i < cities.length; i++) {
            cities[i] = anywhere(random);
        }
        report(
                "100,000 entries, 2,000 cities, 8 countries",
                random,
                8,
                i -> Place.in(countries.get(i % 2000 % 8)).at(cities[i % 2000]));
        attestation();
    }

    /** The time this thread ran, so that a busy machine does not show; what the compiler and the collector ran is not in it. */
    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static GeoPoint anywhere(SplittableRandom random) {
        return GeoPoint.of(Math.toDegrees(Math.asin(random.nextDouble(-1, 1))), random.nextDouble(-180, 180));
    }

    private static void report(String what, SplittableRandom random, int countries, IntFunction<Place> places) {
        List<Country> all = List.of("JP", "GB", "US", "FJ", "DE", "BR", "IN", "ZA").stream()
                .limit(countries)
                .map(Country::of)
                .toList();
        Place[] registered = new Place[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            registered[i] = places.apply(i);
        }
        long first = 0;
        long best = Long.MAX_VALUE;
        CellIndex<Integer> index = CellIndex.<Integer>builder().build();
        for (int round = 0; round < 10; round++) {
            long start = now();
            CellIndex.Builder<Integer> builder = CellIndex.builder();
            for (int i = 0; i < ENTRIES; i++) {
                builder.add(i, registered[i]);
            }
            index = builder.build();
            long took = now() - start;
            first = round == 0 ? took : first;
            best = Math.min(best, took);
        }
        GeoHint[] hints = new GeoHint[HINTS];
        for (int i = 0; i < HINTS; i++) {
            hints[i] = GeoHint.of(Geohash.encode(anywhere(random), 5), all.get(i % countries));
        }
        double nanos = Double.POSITIVE_INFINITY;
        double worst = 0;
        long sum = 0;
        for (int round = 0; round < 60; round++) {
            long start = now();
            for (GeoHint hint : hints) {
                sum += index.choose(hint).orElseThrow().value();
            }
            double each = (now() - start) / (double) HINTS;
            nanos = Math.min(nanos, each);
            worst = round >= 20 ? Math.max(worst, each) : 0;
        }
        System.out.printf(
                "%s: built in %.0f ms cold, %.0f ms warm; chosen in %.0f ns (worst round %.0f) [%d]%n",
                what, first / 1e6, best / 1e6, nanos, worst, sum);
    }

    private static void attestation() throws Exception {
        GeoSigningKey key = GeoSigningKey.generate();
        Clock clock = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);
        GeoAttester attester = GeoAttester.builder(key).clock(clock).build();
        GeoKeySet keys = GeoKeySet.of(List.of(key.publicKey()));
        GeoAttestationVerifier verifier = GeoAttestationVerifier.builder(keys)
                .audience("b.example:443")
                .clock(clock)
                .build();
        GeoHint hint = GeoHint.of("u4pru", "DK");
        GeoAttestation attestation = attester.attest(hint, "b.example:443");
        for (int round = 0; round < 5; round++) {
            long start = now();
            for (int i = 0; i < 500; i++) {
                key.sign(attestation.toBeSigned());
            }
            long signed = now();
            for (int i = 0; i < 500; i++) {
                verifier.replaceKeys(keys);
                verifier.verify(attestation);
            }
            long verified = now();
            String field = attestation.format();
            for (int i = 0; i < 20_000; i++) {
                verifier.verify(GeoAttestation.parse(field));
            }
            long again = now();
            for (int i = 0; i < 20_000; i++) {
                attester.attest(hint, "b.example:443");
            }
            long kept = now();
            System.out.printf(
                    "sign %.0f us, verify %.0f us; parse and verify a known one %.1f us, attest again %.2f us%n",
                    (signed - start) / 5e5, (verified - signed) / 5e5, (again - verified) / 2e7, (kept - again) / 2e7);
        }
    }
}
