package dev.masque.geohash;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CellIndex} chose for a hint, and why. Immutable.
 *
 * @param <T> what is registered
 */
public final class Choice<T> {
    /** Why something was chosen. */
    public enum Match {
        /** It is the nearest to the hint's cell in the hint's country. */
        NEAREST,
        /** It is in the hint's country, and there is no cell to be near to. */
        COUNTRY,
        /** Nothing is in the hint's country. */
        DEFAULT
    }

    private final Match match;
    private final List<T> values;
    private final @Nullable Place place;
    private final @Nullable GeoPoint from;

    Choice(Match match, List<T> values, @Nullable Place place, @Nullable GeoPoint from) {
        this.match = match;
        this.values = values;
        this.place = place;
        this.from = from;
    }

    /**
     * Why this was chosen.
     *
     * @return the reason
     */
    public Match match() {
        return match;
    }

    /**
     * The first of the values.
     *
     * @return the one that was registered first
     */
    public T value() {
        return values.get(0);
    }

    /**
     * All that is registered to the place and usable.
     *
     * @return at least one value, in the order they were registered
     */
    public List<T> values() {
        return values;
    }

    /**
     * Where the values are registered.
     *
     * @return the place of the first value, empty for the default
     */
    public Optional<Place> place() {
        return Optional.ofNullable(place);
    }

    /**
     * How far the place is from the centre of the hint's cell.
     *
     * @return metres along a great circle, empty if not chosen for its distance
     */
    public OptionalDouble distanceMetres() {
        GeoPoint point = place == null ? null : place.point().orElse(null);
        return from == null || point == null ? OptionalDouble.empty() : OptionalDouble.of(from.distanceTo(point));
    }

    @Override
    public String toString() {
        return match + " " + values + (place == null ? "" : " in " + place);
    }
}
