package dev.masque.server.egress;

import dev.masque.geohash.Country;
import dev.masque.geohash.Geohash;
import dev.masque.geohash.MalformedGeoException;
import dev.masque.geohash.Place;
import dev.masque.server.access.IpPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of egress pools in the form of a geofeed, RFC 8805, with a sixth column for the cell. Lines are {@code
 * prefix,country,region,city,postal,cell}; what comes last may be left out. A line without country is a default pool, one
 * without cell stands for its whole country. Empty lines and what follows a {@code #} at the start of one are passed over.
 * Other than RFC 8805 says of feeds from elsewhere, one line that is wrong makes the whole file wrong: it is one's own.
 *
 * <pre>
 * 192.0.2.0/28,JP,JP-13,Tokyo,,xn76c
 * 2001:db8:1::/64,JP,JP-13,Tokyo,,xn76c
 * 198.51.100.0/24,GB
 * 203.0.113.0/28,
 * </pre>
 */
public final class Geofeed {
    private static final int COLUMNS = 6;

    private final List<EgressPool> pools = new ArrayList<>();
    private final Set<IpPrefix> known = new HashSet<>();
    private final Map<String, Place> places = new HashMap<>(); // the same few places again and again
    private final String[] fields = new String[COLUMNS];
    private int line;

    private Geofeed() {}

    /**
     * Reads a file.
     *
     * @param file in UTF-8
     * @return its pools, in their order
     * @throws GeofeedException if a line is wrong
     * @throws IOException if it cannot be read
     */
    public static List<EgressPool> read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return parse(reader);
        }
    }

    /**
     * Reads a text.
     *
     * @param text read to its end, not closed
     * @return its pools, in their order
     * @throws GeofeedException if a line is wrong
     * @throws IOException if it cannot be read
     */
    public static List<EgressPool> parse(Reader text) throws IOException {
        return new Geofeed().pools(new BufferedReader(text));
    }

    private List<EgressPool> pools(BufferedReader text) throws IOException {
        for (String next = text.readLine(); next != null; next = text.readLine()) {
            line++;
            String content = line == 1 && next.startsWith("\uFEFF") ? next.substring(1) : next;
            if (!content.isBlank() && content.charAt(0) != '#') {
                split(content);
                add();
            }
        }
        return List.copyOf(pools);
    }

    /** Fields may stand in quotes, which are doubled inside of them: RFC 4180, 2. */
    private void split(String content) throws GeofeedException {
        int column = 0;
        int at = 0;
        while (true) {
            int end;
            String field;
            if (at < content.length() && content.charAt(at) == '"') {
                end = closing(content, at + 1);
                field = content.substring(at + 1, end).replace("\"\"", "\"");
                end++;
            } else {
                int comma = content.indexOf(',', at);
                end = comma < 0 ? content.length() : comma;
                field = content.substring(at, end);
            }
            if (column == COLUMNS) {
                throw new GeofeedException(line, "more than " + COLUMNS + " columns");
            }
            fields[column++] = field.strip();
            if (end == content.length()) {
                break;
            }
            if (content.charAt(end) != ',') {
                throw new GeofeedException(line, "no comma after a quote");
            }
            at = end + 1;
        }
        while (column < COLUMNS) {
            fields[column++] = "";
        }
    }

    private int closing(String content, int from) throws GeofeedException {
        for (int i = from; i < content.length(); i++) {
            if (content.charAt(i) == '"') {
                if (i + 1 == content.length() || content.charAt(i + 1) != '"') {
                    return i;
                }
                i++;
            }
        }
        throw new GeofeedException(line, "a quote without end");
    }

    private void add() throws GeofeedException {
        IpPrefix prefix;
        try {
            prefix = IpPrefix.parse(fields[0]);
        } catch (IllegalArgumentException e) {
            throw new GeofeedException(line, "not an address or prefix");
        }
        if (!known.add(prefix)) {
            throw new GeofeedException(line, "the prefix is there twice");
        }
        if (!fields[1].isEmpty()) {
            pools.add(EgressPool.of(prefix, place()));
        } else if (fields[2].isEmpty() && fields[3].isEmpty() && fields[5].isEmpty()) {
            pools.add(EgressPool.byDefault(prefix));
        } else {
            throw new GeofeedException(line, "a place without a country");
        }
    }

    private Place place() throws GeofeedException {
        String key = fields[1] + ',' + fields[2] + ',' + fields[5] + ',' + fields[3];
        Place place = places.get(key);
        if (place == null) {
            place = newPlace();
            places.put(key, place);
        }
        return place;
    }

    private Place newPlace() throws GeofeedException {
        Country country;
        try {
            country = Country.parse(fields[1]);
        } catch (MalformedGeoException e) {
            throw new GeofeedException(line, "not an ISO 3166-1 alpha-2 country");
        }
        if (!fields[2].isEmpty() && !fields[2].regionMatches(true, 0, country.code() + "-", 0, 3)) {
            throw new GeofeedException(line, "the region is not one of the country (ISO 3166-2)");
        }
        Place place = Place.in(country);
        if (!fields[3].isEmpty()) {
            place = place.city(fields[3]);
        }
        try {
            return fields[5].isEmpty() ? place : place.at(Geohash.parse(fields[5]));
        } catch (MalformedGeoException e) {
            throw new GeofeedException(line, "not a geohash");
        }
    }
}
