package dev.masque.geohash;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where something is registered: a country, mostly a point in it, and perhaps the name of the city. Immutable. A cell
 * stands for its centre.
 *
 * <pre>{@code
 * Place.in(Country.of("JP")).at(Geohash.of("xn76c")).city("Tokyo");
 * }</pre>
 */
public final class Place {
    private final Country country;
    private final @Nullable GeoPoint point;
    private final @Nullable String city;

    private Place(Country country, @Nullable GeoPoint point, @Nullable String city) {
        this.country = country;
        this.point = point;
        this.city = city;
    }

    /**
     * A whole country.
     *
     * @param country the country
     * @return the place
     */
    public static Place in(Country country) {
        return new Place(Objects.requireNonNull(country, "country"), null, null);
    }

    /**
     * With a point.
     *
     * @param point the point
     * @return a copy
     */
    public Place at(GeoPoint point) {
        return new Place(country, Objects.requireNonNull(point, "point"), city);
    }

    /**
     * With the centre of a cell as point.
     *
     * @param cell the cell
     * @return a copy
     */
    public Place at(Geohash cell) {
        return at(cell.centre());
    }

    /**
     * With the name of a city.
     *
     * @param city the name
     * @return a copy
     */
    public Place city(String city) {
        return new Place(country, point, Objects.requireNonNull(city, "city"));
    }

    /**
     * The country.
     *
     * @return the country
     */
    public Country country() {
        return country;
    }

    /**
     * The point.
     *
     * @return the point, empty for a whole country
     */
    public Optional<GeoPoint> point() {
        return Optional.ofNullable(point);
    }

    /**
     * The name of the city.
     *
     * @return the name, empty if it was not given
     */
    public Optional<String> city() {
        return Optional.ofNullable(city);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Place place
                && country.equals(place.country)
                && Objects.equals(point, place.point)
                && Objects.equals(city, place.city);
    }

    @Override
    public int hashCode() {
        return Objects.hash(country, point, city);
    }

    @Override
    public String toString() {
        return country
                + (city == null ? "" : " " + city)
                + (point == null ? "" : " " + point.latitude() + "," + point.longitude());
    }
}
