package dev.masque.server.location;

import dev.masque.geohash.GeoHint;
import java.util.Optional;

/**
 * What a request says of where its client wants to be. Immutable.
 *
 * @param hint what is believed; empty if nothing is said, or not believed
 * @param problem why what is said is not used, in our own words for {@code Proxy-Status}
 */
public record HintReading(Optional<GeoHint> hint, Optional<String> problem) {
    static final HintReading NONE = new HintReading(Optional.empty(), Optional.empty());

    static HintReading of(GeoHint hint) {
        return new HintReading(Optional.of(hint), Optional.empty());
    }

    static HintReading ignored(String problem) {
        return new HintReading(Optional.empty(), Optional.of(problem));
    }
}
