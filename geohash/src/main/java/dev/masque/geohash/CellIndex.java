package dev.masque.geohash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Values registered to places, and the choice of those nearest to a hint. Immutable and safe for threads; to change it,
 * build another.
 *
 * <p>The choice: the place in the hint's country whose point is nearest, along a great circle, to the centre of the
 * hint's cell; without a cell, or if nothing in the country has a point, what is registered to the whole country, or else
 * the country's first place; and if nothing is in the country, the default. Of equally near places the one registered
 * first is chosen. It never takes something of another country but as a default.
 *
 * <pre>{@code
 * CellIndex<String> index = CellIndex.<String>builder()
 *         .add("192.0.2.0/28", Place.in(Country.of("JP")).at(Geohash.of("xn76c")).city("Tokyo"))
 *         .addDefault("198.51.100.0/24")
 *         .build();
 * index.choose(GeoHint.of("xn774", "JP")).orElseThrow().value();   // 192.0.2.0/28
 * }</pre>
 *
 * @param <T> what is registered
 */
public final class CellIndex<T> {
    private final Map<Country, Region<T>> regions;
    private final List<T> defaults;
    private final int size;

    private CellIndex(Builder<T> builder) {
        regions = new HashMap<>();
        builder.regions.forEach((country, region) -> regions.put(country, region.build()));
        defaults = List.copyOf(builder.defaults);
        size = builder.size;
    }

    /**
     * An index to fill.
     *
     * @param <T> what is registered
     * @return an empty builder
     */
    public static <T> Builder<T> builder() {
        return new Builder<>();
    }

    /**
     * How much is registered.
     *
     * @return values, those of the default included
     */
    public int size() {
        return size;
    }

    /**
     * Chooses for a hint.
     *
     * @param hint where to be near
     * @return the choice, empty if nothing is in the country and there is no default
     */
    public Optional<Choice<T>> choose(GeoHint hint) {
        return choose(hint, null);
    }

    /**
     * Chooses for a hint among those values that can be used now.
     *
     * @param hint where to be near
     * @param usable whether a value can be used; called on this thread for those that come near, each perhaps twice
     * @return the choice, empty if no usable value is in the country and none is a default
     */
    public Optional<Choice<T>> choose(GeoHint hint, @Nullable Predicate<? super T> usable) {
        Region<T> region = regions.get(hint.country());
        if (region != null) {
            Choice<T> choice = region.choose(hint.cell().orElse(null), usable);
            if (choice != null) {
                return Optional.of(choice);
            }
        }
        return chooseDefault(usable);
    }

    /**
     * Chooses where there is no hint.
     *
     * @param usable whether a value can be used, null if all can
     * @return the default, empty if there is none
     */
    public Optional<Choice<T>> chooseDefault(@Nullable Predicate<? super T> usable) {
        List<T> values = Site.filter(defaults, usable);
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(new Choice<>(Choice.Match.DEFAULT, values, null, null));
    }

    /**
     * Collects values for an index. Not safe for threads.
     *
     * @param <T> what is registered
     */
    public static final class Builder<T> {
        private final Map<Country, Region.Builder<T>> regions = new HashMap<>();
        private final List<T> defaults = new ArrayList<>();
        private int size;

        private Builder() {}

        /**
         * Registers a value to a place.
         *
         * @param value the value
         * @param place where it is
         * @return this
         */
        public Builder<T> add(T value, Place place) {
            Objects.requireNonNull(value, "value");
            regions.computeIfAbsent(place.country(), country -> new Region.Builder<>())
                    .add(value, place);
            size++;
            return this;
        }

        /**
         * Adds a value to those for hints whose country has none.
         *
         * @param value the value
         * @return this
         */
        public Builder<T> addDefault(T value) {
            defaults.add(Objects.requireNonNull(value, "value"));
            size++;
            return this;
        }

        /**
         * Makes the index. What is added later is not in it.
         *
         * @return the index
         */
        public CellIndex<T> build() {
            return new CellIndex<>(this);
        }
    }
}
