package dev.masque.bench.micro;

import dev.masque.geohash.CellIndex;
import dev.masque.geohash.Choice;
import dev.masque.geohash.Country;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoPoint;
import dev.masque.geohash.Geohash;
import dev.masque.geohash.Place;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The nearest of 100,000 prefixes in 2,000 cities of 8 countries. */
@State(Scope.Thread)
public class Places {
    private static final int PREFIXES = 100_000;
    private static final int CITIES = 2_000;
    private static final int HINTS = 1 << 14;
    private static final List<Country> COUNTRIES = Stream.of("JP", "GB", "US", "FJ", "DE", "BR", "IN", "ZA")
            .map(Country::of)
            .toList();

    private final SplittableRandom random = new SplittableRandom(1);
    private final List<Place> prefixes = prefixes();
    private final CellIndex<Integer> index = build();
    private final GeoHint[] hints = hints();
    private int next;

    private GeoPoint anywhere() {
        return GeoPoint.of(Math.toDegrees(Math.asin(random.nextDouble(-1, 1))), random.nextDouble(-180, 180));
    }

    private List<Place> prefixes() {
        List<Place> cities = Stream.generate(this::anywhere)
                .limit(CITIES)
                .map(point -> Place.in(COUNTRIES.get(random.nextInt(COUNTRIES.size())))
                        .at(point))
                .toList();
        return Stream.iterate(0, i -> i + 1)
                .limit(PREFIXES)
                .map(i -> cities.get(i % CITIES))
                .toList();
    }

    private GeoHint[] hints() {
        return Stream.iterate(0, i -> i + 1)
                .limit(HINTS)
                .map(i -> GeoHint.of(Geohash.encode(anywhere(), 5), COUNTRIES.get(i % COUNTRIES.size())))
                .toArray(GeoHint[]::new);
    }

    /** All of them, into an index. */
    @Benchmark
    public CellIndex<Integer> build() {
        CellIndex.Builder<Integer> builder = CellIndex.builder();
        for (int i = 0; i < PREFIXES; i++) {
            builder.add(i, prefixes.get(i));
        }
        return builder.build();
    }

    /** One of them, for a hint. */
    @Benchmark
    public Optional<Choice<Integer>> choose() {
        return index.choose(hints[next++ & (HINTS - 1)]);
    }
}
