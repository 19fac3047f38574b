package dev.masque.cli;

import dev.masque.geohash.Country;
import dev.masque.geohash.Geohash;
import dev.masque.geohash.MalformedGeoException;
import dev.masque.geohash.Place;
import dev.masque.server.access.IpPrefix;
import dev.masque.server.egress.EgressPool;
import dev.masque.server.egress.Geofeed;
import dev.masque.server.egress.PoolReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A file of egress pools in YAML. Reads events, of which it knows those that a list of pools is made of and no others: no aliases,
 * anchors or tags, and nothing deeper. So a file costs no more than its length.
 *
 * <pre>
 * pools:
 *   - prefixes: [192.0.2.0/28, "2001:db8:1::/64"]
 *     country: JP
 *     region: JP-13
 *     city: Tokyo
 *     cell: xn76c
 *   - prefix: 203.0.113.0/28   # without a country: a default pool
 * </pre>
 */
final class YamlPools {
    private static final int MAX_SIZE = 64 << 20;
    private static final Set<String> KEYS = Set.of("prefix", "prefixes", "country", "region", "city", "cell");

    private final Iterator<Event> events;
    private final List<EgressPool> pools = new ArrayList<>();
    private final Set<IpPrefix> known = new HashSet<>();
    private int line = 1;

    private YamlPools(Reader text) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(MAX_SIZE).build();
        events = new Parse(settings).parseReader(text).iterator();
    }

    /** What reads a file of this name: YAML by its ending, else a geofeed. */
    static PoolReader orGeofeed(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml") ? YamlPools::read : Geofeed::read;
    }

    static List<EgressPool> read(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return parse(text);
        }
    }

    static List<EgressPool> parse(Reader text) throws IOException {
        try {
            YamlPools reading = new YamlPools(text);
            reading.document();
            return List.copyOf(reading.pools);
        } catch (YamlEngineException e) {
            throw new IOException(
                    "no YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void document() throws IOException {
        next(Event.ID.StreamStart, "a stream");
        next(Event.ID.DocumentStart, "a document");
        next(Event.ID.MappingStart, "pools:");
        if (!scalar().equals("pools")) {
            throw wrong("nothing but pools: is known here");
        }
        next(Event.ID.SequenceStart, "a list of pools");
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            require(event, Event.ID.MappingStart, "a pool");
            pool();
        }
        next(Event.ID.MappingEnd, "the end of pools:");
        next(Event.ID.DocumentEnd, "the end of the file");
        next(Event.ID.StreamEnd, "the end of the file");
    }

    private void pool() throws IOException {
        int start = line;
        Map<String, String> values = new HashMap<>();
        List<String> prefixes = new ArrayList<>();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            String key = text(event);
            if (!KEYS.contains(key)) {
                throw wrong("not one of prefix, prefixes, country, region, city, cell");
            }
            if (values.put(key, key) != null) {
                throw wrong(key + " twice");
            }
            if (key.equals("prefixes")) {
                next(Event.ID.SequenceStart, "a list of prefixes");
                for (Event each = next(); each.getEventId() != Event.ID.SequenceEnd; each = next()) {
                    prefixes.add(text(each));
                }
            } else if (key.equals("prefix")) {
                prefixes.add(scalar());
            } else {
                values.put(key, scalar());
            }
        }
        line = start; // what is wrong now is wrong with the whole
        if (prefixes.isEmpty()) {
            throw wrong("a pool without prefix");
        }
        add(prefixes, values);
    }

    private void add(List<String> prefixes, Map<String, String> values) throws IOException {
        boolean somewhere = values.containsKey("country");
        if (!somewhere && (values.containsKey("region") || values.containsKey("city") || values.containsKey("cell"))) {
            throw wrong("a place without a country");
        }
        Place place = somewhere ? place(values) : null;
        for (String text : prefixes) {
            IpPrefix prefix;
            try {
                prefix = IpPrefix.parse(text);
            } catch (IllegalArgumentException e) {
                throw wrong("not an address or prefix");
            }
            if (!known.add(prefix)) {
                throw wrong("a prefix is there twice");
            }
            pools.add(place == null ? EgressPool.byDefault(prefix) : EgressPool.of(prefix, place));
        }
    }

    private Place place(Map<String, String> values) throws IOException {
        Country country;
        try {
            country = Country.parse(values.getOrDefault("country", ""));
        } catch (MalformedGeoException e) {
            throw wrong("not an ISO 3166-1 alpha-2 country");
        }
        String region = values.getOrDefault("region", "");
        if (!region.isEmpty() && !region.regionMatches(true, 0, country.code() + "-", 0, 3)) {
            throw wrong("the region is not one of the country (ISO 3166-2)");
        }
        Place place = Place.in(country);
        String city = values.getOrDefault("city", "");
        if (!city.isEmpty()) {
            place = place.city(city);
        }
        String cell = values.getOrDefault("cell", "");
        try {
            return cell.isEmpty() ? place : place.at(Geohash.parse(cell));
        } catch (MalformedGeoException e) {
            throw wrong("not a geohash");
        }
    }

    private Event next() throws IOException {
        if (!events.hasNext()) {
            throw wrong("the file ends too early");
        }
        Event event = events.next();
        event.getStartMark().ifPresent(mark -> line = mark.getLine() + 1);
        if (event.getEventId() == Event.ID.Alias
                || event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            throw wrong("anchors and aliases are not taken");
        }
        return event;
    }

    private void next(Event.ID wanted, String what) throws IOException {
        require(next(), wanted, what);
    }

    private void require(Event event, Event.ID wanted, String what) throws IOException {
        if (event.getEventId() != wanted) {
            throw wrong(what + " is expected here");
        }
    }

    private String scalar() throws IOException {
        return text(next());
    }

    private String text(Event event) throws IOException {
        if (!(event instanceof ScalarEvent scalar)) {
            throw wrong("a plain value is expected here");
        }
        if (scalar.getTag().isPresent()) {
            throw wrong("tags are not taken");
        }
        return scalar.getValue().strip();
    }

    private IOException wrong(String problem) {
        return new IOException("line " + line + ": " + problem);
    }
}
