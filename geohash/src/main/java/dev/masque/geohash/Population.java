package dev.masque.geohash;

/** Knows how many people live in a cell. Called by {@link Coarsening} on the caller's thread. */
@FunctionalInterface
public interface Population {
    /**
     * How many people a hint stands for.
     *
     * @param cell a cell
     * @param country the country whose part of the cell counts
     * @return people who live there, 0 where nothing is known
     */
    long people(Geohash cell, Country country);
}
