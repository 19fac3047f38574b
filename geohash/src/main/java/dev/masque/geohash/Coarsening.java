package dev.masque.geohash;

import java.util.Objects;

/**
 * Makes a hint stand for many people: cuts its cell to a precision, then to fewer characters until it holds enough
 * people, and drops it where no cell does. Immutable; as safe for threads as its {@link Population}.
 */
public final class Coarsening {
    private final int precision;
    private final long minimum;
    private final Population population;

    private Coarsening(int precision, long minimum, Population population) {
        this.precision = precision;
        this.minimum = minimum;
        this.population = population;
    }

    /**
     * Cuts to a precision only.
     *
     * @param precision how many characters of a cell to keep at most, 0 for the country only
     * @return the coarsening
     * @throws IllegalArgumentException if the precision is not 0 to 12
     */
    public static Coarsening to(int precision) {
        return of(precision, 0, (cell, country) -> 0);
    }

    /**
     * Cuts to a precision and then until enough people are meant.
     *
     * @param precision how many characters of a cell to keep at most, 0 for the country only
     * @param minimum how many people a cell must hold, not negative
     * @param population says how many it holds; what it throws goes to the caller of {@link #apply}
     * @return the coarsening
     * @throws IllegalArgumentException if the precision is not 0 to 12 or the minimum negative
     */
    public static Coarsening of(int precision, long minimum, Population population) {
        if (precision != 0) {
            Geohash.checkLength(precision);
        }
        if (minimum < 0) {
            throw new IllegalArgumentException("the minimum must not be negative: " + minimum);
        }
        return new Coarsening(precision, minimum, Objects.requireNonNull(population, "population"));
    }

    /**
     * Coarsens a hint.
     *
     * @param hint the hint
     * @return the most precise hint that is no more precise than allowed and holds enough people, else the country
     */
    public GeoHint apply(GeoHint hint) {
        GeoHint coarse = hint.cutTo(precision);
        while (coarse.cell().isPresent()) {
            Geohash cell = coarse.cell().get();
            if (population.people(cell, coarse.country()) >= minimum) {
                return coarse;
            }
            coarse = coarse.cutTo(cell.length() - 1);
        }
        return coarse;
    }
}
