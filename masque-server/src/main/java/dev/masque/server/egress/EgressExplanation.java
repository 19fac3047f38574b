package dev.masque.server.egress;

import dev.masque.core.NextHopException;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoPoint;
import dev.masque.geohash.Geohash;
import dev.masque.geohash.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a choice among pools comes about. Immutable.
 *
 * @param choice what is chosen; empty if the client is refused
 * @param candidates the pools of the hint's country and family, the nearest first; the default pools if there are none
 */
public record EgressExplanation(Optional<EgressChoice> choice, List<Candidate> candidates) {
    /**
     * A pool that could be chosen.
     *
     * @param pool the pool
     * @param distanceMetres how far it is from the hint's cell; empty if one of them has no point
     * @param usable whether it is in
     */
    public record Candidate(EgressPool pool, OptionalDouble distanceMetres, boolean usable) {}

    /** Copies the list. */
    public EgressExplanation {
        candidates = List.copyOf(candidates);
    }

    static EgressExplanation of(EgressSelector selector, Pools pools, Optional<GeoHint> hint, boolean ipv6, long now) {
        List<Candidate> found = new ArrayList<>();
        boolean home = hint.isPresent() && pools.serves(hint.get().country());
        for (EgressPool pool : pools.all) {
            boolean fits = home ? pool.isIn(hint.get().country()) : pool.place().isEmpty();
            if (fits && pool.prefix().isIpv4() != ipv6) {
                found.add(new Candidate(pool, distance(hint, pool), pools.isUsable(pool, now)));
            }
        }
        found.sort(Comparator.comparingDouble(candidate -> candidate.distanceMetres.orElse(Double.MAX_VALUE)));
        Optional<EgressChoice> choice;
        try {
            choice = Optional.of(selector.choose(new EgressQuery(hint, ipv6, false, 0)));
        } catch (NextHopException e) {
            choice = Optional.empty();
        }
        return new EgressExplanation(choice, found);
    }

    private static OptionalDouble distance(Optional<GeoHint> hint, EgressPool pool) {
        Optional<GeoPoint> from = hint.flatMap(GeoHint::cell).map(Geohash::centre);
        Optional<GeoPoint> to = pool.place().flatMap(Place::point);
        return from.isPresent() && to.isPresent()
                ? OptionalDouble.of(from.get().distanceTo(to.get()))
                : OptionalDouble.empty();
    }
}
