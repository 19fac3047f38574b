package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A simple model of how many people live where: those of every place that is known, counted in the cell that the place's centre
 * lies in. It counts too few people rather than too many, so that cells get larger than they need to be, not smaller. Immutable.
 *
 * <p>A file has one place on each line, in one of two forms; empty lines and those that begin with {@code #} are passed over.
 *
 * <ul>
 *   <li>{@code cell,country,people}, such as {@code u33dc,DE,3644826}
 *   <li>the tables of GeoNames ({@code cities500.txt} and the like): columns with tabs between, of which latitude, longitude,
 *       feature code, country and population are read. Sections of places are passed over, as their people count in the
 *       place itself.
 * </ul>
 */
public final class PopulationTable implements Population {
    /** Cells are not told apart below this length; nobody should need to. */
    private static final int MAX_LENGTH = 6;

    private static final int GEONAMES_COLUMNS = 15;
    private static final String SECTION = "PPLX";

    private final Map<String, Long> people = new HashMap<>();
    private int line;

    private PopulationTable() {}

    /**
     * Reads a file.
     *
     * @param file in UTF-8
     * @return the table
     * @throws MalformedGeoException if a line is wrong; the message says which
     * @throws IOException if it cannot be read
     */
    public static PopulationTable read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return parse(reader);
        }
    }

    /**
     * Reads a text.
     *
     * @param text read to its end, not closed
     * @return the table
     * @throws MalformedGeoException if a line is wrong; the message says which
     * @throws IOException if it cannot be read
     */
    public static PopulationTable parse(Reader text) throws IOException {
        PopulationTable table = new PopulationTable();
        BufferedReader lines = new BufferedReader(text);
        for (String next = lines.readLine(); next != null; next = lines.readLine()) {
            table.line++;
            if (!next.isBlank() && next.charAt(0) != '#') {
                table.add(next);
            }
        }
        return table;
    }

    private void add(String content) throws MalformedGeoException {
        try {
            if (content.indexOf('\t') >= 0) {
                addGeoNames(content.split("\t", -1));
            } else {
                String[] columns = content.split(",", -1);
                add(Geohash.parse(columns[0].strip()), columns[1].strip(), Long.parseLong(columns[2].strip()));
            }
        } catch (MalformedGeoException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedGeoException(Reason.SYNTAX, "line " + line + ": not a place and its people");
        }
    }

    private void addGeoNames(String[] columns) throws MalformedGeoException {
        if (columns.length < GEONAMES_COLUMNS) {
            throw new IllegalArgumentException("too few columns");
        }
        if (columns[7].equals(SECTION) || columns[8].equals("XK")) { // Kosovo is not in ISO 3166-1
            return;
        }
        GeoPoint point = GeoPoint.of(Double.parseDouble(columns[4]), Double.parseDouble(columns[5]));
        add(Geohash.encode(point, MAX_LENGTH), columns[8], Long.parseLong(columns[14]));
    }

    private void add(Geohash cell, String country, long count) throws MalformedGeoException {
        if (count < 0) {
            throw new IllegalArgumentException("people: " + count);
        }
        String code = Country.parse(country).code();
        for (int length = Math.min(cell.length(), MAX_LENGTH); length > 0; length--) {
            people.merge(key(cell.cutTo(length), code), count, Long::sum);
        }
    }

    private static String key(Geohash cell, String country) {
        return cell + country;
    }

    @Override
    public long people(Geohash cell, Country country) {
        return people.getOrDefault(key(cell, country.code()), 0L);
    }
}
