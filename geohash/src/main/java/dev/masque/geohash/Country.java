package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.util.HashMap;
import java.util.Locale;
import java.util.Locale.IsoCountryCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A country by its ISO 3166-1 alpha-2 code, of those the JDK knows. Immutable; one instance for each country. */
public final class Country implements Comparable<Country> {
    private static final Map<String, Country> ALL = all();

    private final String code;

    private Country(String code) {
        this.code = code;
    }

    /**
     * The country of a code.
     *
     * @param code two letters, in either case
     * @return the country
     * @throws IllegalArgumentException if there is no such country
     */
    public static Country of(String code) {
        Country country = find(code);
        if (country == null) {
            throw new IllegalArgumentException("no ISO 3166-1 alpha-2 code: " + code);
        }
        return country;
    }

    /**
     * The country of a code that comes from outside.
     *
     * @param code two letters, in either case
     * @return the country
     * @throws MalformedGeoException if there is no such country
     */
    public static Country parse(String code) throws MalformedGeoException {
        Country country = find(code);
        if (country == null) {
            throw new MalformedGeoException(
                    code.isEmpty() ? Reason.EMPTY : Reason.COUNTRY, "no ISO 3166-1 alpha-2 country code");
        }
        return country;
    }

    /**
     * The code.
     *
     * @return two upper-case letters
     */
    public String code() {
        return code;
    }

    private static @Nullable Country find(String code) {
        return code.length() == 2 ? ALL.get(upper(code)) : null;
    }

    /** ASCII only: a dotless i is no I. */
    private static String upper(String code) {
        char[] letters = code.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] >= 'a' && letters[i] <= 'z') {
                letters[i] = (char) (letters[i] - 32);
            }
        }
        return new String(letters);
    }

    private static Map<String, Country> all() {
        Map<String, Country> all = new HashMap<>();
        for (String code : Locale.getISOCountries(IsoCountryCode.PART1_ALPHA2)) {
            all.put(code, new Country(code));
        }
        return Map.copyOf(all);
    }

    @Override
    public int compareTo(Country other) {
        return code.compareTo(other.code);
    }

    /** The code. */
    @Override
    public String toString() {
        return code;
    }
}
