package dev.masque.server.egress;

import dev.masque.geohash.CellIndex;
import dev.masque.geohash.Country;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All pools of one reading of a file, searchable, and those that are out. Thread-safe; the pools never change. */
final class Pools {
    final List<EgressPool> all;
    private final CellIndex<EgressPool> ipv4;
    private final CellIndex<EgressPool> ipv6;
    private final Set<Country> countries = new HashSet<>();
    private final boolean defaults;

    /** When a pool that is out comes back, by the clock of {@link System#nanoTime()}. Empty nearly always. */
    private final Map<EgressPool, Long> out = new ConcurrentHashMap<>();

    Pools(List<EgressPool> all) {
        this.all = List.copyOf(all);
        CellIndex.Builder<EgressPool> four = CellIndex.builder();
        CellIndex.Builder<EgressPool> six = CellIndex.builder();
        boolean anyDefault = false;
        for (EgressPool pool : this.all) {
            CellIndex.Builder<EgressPool> index = pool.prefix().isIpv4() ? four : six;
            if (pool.place().isPresent()) {
                index.add(pool, pool.place().get());
                countries.add(pool.place().get().country());
            } else {
                index.addDefault(pool);
                anyDefault = true;
            }
        }
        ipv4 = four.build();
        ipv6 = six.build();
        defaults = anyDefault;
    }

    CellIndex<EgressPool> index(boolean six) {
        return six ? ipv6 : ipv4;
    }

    boolean serves(Country country) {
        return countries.contains(country);
    }

    boolean hasDefaults() {
        return defaults;
    }

    boolean anyOut() {
        return !out.isEmpty();
    }

    boolean isUsable(EgressPool pool, long now) {
        Long until = out.get(pool);
        if (until == null) {
            return true;
        }
        if (until - now > 0) {
            return false;
        }
        out.remove(pool, until);
        return true;
    }

    /** Takes a pool out; false if it was out already. */
    boolean takeOut(EgressPool pool, long until) {
        return out.put(pool, until) == null;
    }
}
