package dev.masque.server.egress;

import dev.masque.geohash.Country;
import dev.masque.geohash.Place;
import dev.masque.server.access.IpPrefix;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A range of addresses of this host that tunnels may leave from, and the place that it is registered to. Immutable. */
public final class EgressPool {
    private final IpPrefix prefix;
    private final @Nullable Place place;

    private EgressPool(IpPrefix prefix, @Nullable Place place) {
        this.prefix = Objects.requireNonNull(prefix, "prefix");
        this.place = place;
    }

    /**
     * A pool at a place.
     *
     * @param prefix its addresses
     * @param place where geolocation databases have them
     * @return the pool
     */
    public static EgressPool of(IpPrefix prefix, Place place) {
        return new EgressPool(prefix, Objects.requireNonNull(place, "place"));
    }

    /**
     * A pool for clients that do not say where they want to be, and for countries that have none.
     *
     * @param prefix its addresses
     * @return the pool
     */
    public static EgressPool byDefault(IpPrefix prefix) {
        return new EgressPool(prefix, null);
    }

    /**
     * The addresses.
     *
     * @return an IPv4 or IPv6 prefix, which also names the pool
     */
    public IpPrefix prefix() {
        return prefix;
    }

    /**
     * The place.
     *
     * @return empty for a default pool
     */
    public Optional<Place> place() {
        return Optional.ofNullable(place);
    }

    boolean isIn(Country country) {
        return place != null && place.country().equals(country);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EgressPool pool && prefix.equals(pool.prefix) && Objects.equals(place, pool.place);
    }

    @Override
    public int hashCode() {
        return prefix.hashCode();
    }

    @Override
    public String toString() {
        return place == null ? prefix + " (default)" : prefix + " in " + place;
    }
}
