package dev.masque.geohash;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is registered in one country. Immutable. */
final class Region<T> {
    private final List<Site<T>> located; // in the order they were registered
    private final List<Site<T>> wide; // first the country as a whole, then the points
    private final PointTree tree;

    private Region(List<Site<T>> located, List<Site<T>> wide) {
        this.located = located;
        this.wide = wide;
        tree = new PointTree(
                located.stream().map(site -> site.place().point().orElseThrow()).toArray(GeoPoint[]::new));
    }

    /** The choice, or null if nothing here is usable. */
    @Nullable Choice<T> choose(@Nullable Geohash cell, @Nullable Predicate<? super T> usable) {
        if (cell != null) {
            GeoPoint centre = cell.centre();
            int nearest = tree.nearest(
                    centre, site -> usable == null || located.get(site).hasAny(usable));
            if (nearest >= 0) {
                Site<T> site = located.get(nearest);
                Choice<T> choice = choice(Choice.Match.NEAREST, site, usable, centre);
                if (choice != null) {
                    return choice;
                }
            }
        }
        for (Site<T> site : wide) {
            Choice<T> choice = choice(Choice.Match.COUNTRY, site, usable, null);
            if (choice != null) {
                return choice;
            }
        }
        return null;
    }

    private static <T> @Nullable Choice<T> choice(
            Choice.Match match, Site<T> site, @Nullable Predicate<? super T> usable, @Nullable GeoPoint from) {
        List<T> values = Site.filter(site.values(), usable);
        return values.isEmpty() ? null : new Choice<>(match, values, site.place(), from);
    }

    static final class Builder<T> {
        private final Map<GeoPoint, Site<T>> located = new LinkedHashMap<>();
        private @Nullable Site<T> whole;

        void add(T value, Place place) {
            GeoPoint point = place.point().orElse(null);
            Site<T> site = point == null ? whole : located.get(point);
            if (site == null) {
                site = new Site<>(place, new ArrayList<>(1));
                if (point == null) {
                    whole = site;
                } else {
                    located.put(point, site);
                }
            }
            site.values().add(value);
        }

        Region<T> build() {
            List<Site<T>> points = located.values().stream().map(Builder::copy).toList();
            List<Site<T>> wide = new ArrayList<>(points);
            if (whole != null) {
                wide.add(0, copy(whole));
            }
            return new Region<>(points, List.copyOf(wide));
        }

        private static <T> Site<T> copy(Site<T> site) {
            return new Site<>(site.place(), List.copyOf(site.values()));
        }
    }
}
