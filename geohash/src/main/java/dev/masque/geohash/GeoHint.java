package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is, as roughly as it wants to say: the value of the field {@code sec-ch-geohash}, a country and mostly
 * a cell. Immutable.
 *
 * <p>The country wins where the two disagree: {@code u4pruydqqvj-GB} is a valid hint for Great Britain although its cell
 * lies in Denmark. Nothing here compares them.
 *
 * <pre>{@code
 * GeoHint.parse("\"xn76c-JP\"").cutTo(4).format();   // xn76-JP
 * GeoHint.ofCountry("JP").format();                  // JP
 * }</pre>
 */
public final class GeoHint {
    /** The name of the field, lower case. */
    public static final String NAME = "sec-ch-geohash";

    /** How many characters of a cell are enough for a city. */
    public static final int DEFAULT_PRECISION = 5;

    /** The longest field value that is read, parameters included. */
    static final int MAX_FIELD = 128;

    private final @Nullable Geohash cell;
    private final Country country;

    private GeoHint(@Nullable Geohash cell, Country country) {
        this.cell = cell;
        this.country = country;
    }

    /**
     * A cell in a country.
     *
     * @param geohash 1 to 12 characters
     * @param country an ISO 3166-1 alpha-2 code
     * @return the hint
     * @throws IllegalArgumentException if one of them is none
     */
    public static GeoHint of(String geohash, String country) {
        return of(Geohash.of(geohash), Country.of(country));
    }

    /**
     * A cell in a country.
     *
     * @param cell the cell
     * @param country the country, which wins if the cell lies elsewhere
     * @return the hint
     */
    public static GeoHint of(Geohash cell, Country country) {
        return new GeoHint(Objects.requireNonNull(cell, "cell"), Objects.requireNonNull(country, "country"));
    }

    /**
     * A country and nothing more.
     *
     * @param country an ISO 3166-1 alpha-2 code
     * @return the hint
     * @throws IllegalArgumentException if there is no such country
     */
    public static GeoHint ofCountry(String country) {
        return ofCountry(Country.of(country));
    }

    /**
     * A country and nothing more.
     *
     * @param country the country
     * @return the hint
     */
    public static GeoHint ofCountry(Country country) {
        return new GeoHint(null, Objects.requireNonNull(country, "country"));
    }

    /**
     * Reads the field: {@code <geohash>-<country>} or {@code <country>}, in either case of letters, bare or as a string
     * in quotes, with or without structured field parameters, which are ignored.
     *
     * @param field the value of one field line, at most 128 characters
     * @return the hint
     * @throws MalformedGeoException if it is neither form
     */
    public static GeoHint parse(String field) throws MalformedGeoException {
        FieldItem item = new FieldItem(FieldItem.trim(field, MAX_FIELD));
        String value = item.startsWith('"') ? item.string() : item.bare();
        item.parametersToEnd();
        if (value.isEmpty()) {
            throw new MalformedGeoException(Reason.EMPTY, "an empty hint");
        }
        int dash = value.indexOf('-');
        if (dash < 0 && value.length() > 2) {
            throw new MalformedGeoException(Reason.SYNTAX, "a hint without a country");
        }
        Geohash cell = dash < 0 ? null : Geohash.parse(value.substring(0, dash));
        return new GeoHint(cell, Country.parse(value.substring(dash + 1)));
    }

    /**
     * The cell.
     *
     * @return the cell, empty if the hint is a country only
     */
    public Optional<Geohash> cell() {
        return Optional.ofNullable(cell);
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
     * The same or a less precise hint.
     *
     * @param precision how many characters of the cell to keep, 0 for the country only
     * @return the hint
     * @throws IllegalArgumentException if the precision is not 0 to 12
     */
    public GeoHint cutTo(int precision) {
        if (precision == 0) {
            return ofCountry(country);
        }
        Geohash.checkLength(precision);
        return cell == null ? this : new GeoHint(cell.cutTo(precision), country);
    }

    /**
     * Whether this hint says the same as another or less: the same country, and no cell or one around the other's.
     *
     * @param other a hint
     * @return true if everybody the other hint is for could also send this one
     */
    public boolean covers(GeoHint other) {
        return country.equals(other.country) && (cell == null || other.cell != null && cell.contains(other.cell));
    }

    /**
     * The field value.
     *
     * @return the bare form, lower-case cell and upper-case country
     */
    public String format() {
        return cell == null ? country.code() : cell + "-" + country.code();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GeoHint hint && country.equals(hint.country) && Objects.equals(cell, hint.cell);
    }

    @Override
    public int hashCode() {
        return 31 * country.hashCode() + Objects.hashCode(cell);
    }

    /** The field value. */
    @Override
    public String toString() {
        return format();
    }
}
