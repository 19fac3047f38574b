package dev.masque.geohash;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The values registered to one point, or to a country as a whole. */
record Site<T>(Place place, List<T> values) {
    boolean hasAny(Predicate<? super T> usable) {
        for (T value : values) {
            if (usable.test(value)) {
                return true;
            }
        }
        return false;
    }

    static <T> List<T> filter(List<T> values, @Nullable Predicate<? super T> usable) {
        return usable == null ? values : values.stream().filter(usable).toList();
    }
}
