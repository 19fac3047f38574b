package dev.masque.geohash.maxmind;

import com.maxmind.db.CHMCache;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.Reader.FileMode;
import com.maxmind.geoip2.DatabaseReader;
import com.maxmind.geoip2.exception.GeoIp2Exception;
import com.maxmind.geoip2.model.CityResponse;
import com.maxmind.geoip2.record.Location;
import dev.masque.geohash.Country;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.GeoPoint;
import dev.masque.geohash.Geohash;
import dev.masque.geohash.MalformedGeoException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where an address is in a database of MaxMind: GeoLite2 or GeoIP2, City, Enterprise or Country. Thread-safe, and does not
 * block but in {@link #open} and {@link #reload}. Addresses are in no message.
 *
 * <p>The file is mapped into memory: to replace it, rename another over it, and call {@link #reload}.
 *
 * <pre>{@code
 * MaxMindLocator locator = MaxMindLocator.open(Path.of("GeoLite2-City.mmdb"));
 * LocationAttestations.of(keys, locator::locate);
 * }</pre>
 */
public final class MaxMindLocator implements AutoCloseable {
    /** Finer than anybody should tell; who uses it cuts. */
    private static final int PRECISION = 6;

    private final Path file;
    private volatile Database database;

    private record Database(DatabaseReader reader, boolean cities) {}

    private MaxMindLocator(Path file, Database database) {
        this.file = file;
        this.database = database;
    }

    /**
     * Opens a database.
     *
     * @param file in the MaxMind DB format
     * @return a locator, to be closed by the caller
     * @throws IOException if it cannot be read, or does not hold places
     */
    public static MaxMindLocator open(Path file) throws IOException {
        return new MaxMindLocator(file, read(file));
    }

    private static Database read(Path file) throws IOException {
        DatabaseReader reader;
        try {
            reader = new DatabaseReader.Builder(file.toFile())
                    .fileMode(FileMode.MEMORY_MAPPED)
                    .withCache(new CHMCache())
                    .build();
        } catch (RuntimeException e) {
            throw new InvalidDatabaseException("not a MaxMind database", e);
        }
        String type = reader.metadata().databaseType();
        boolean cities = type.contains("City") || type.contains("Enterprise");
        if (!cities && !type.contains("Country")) {
            reader.close();
            throw new IOException("a database without places: " + type);
        }
        return new Database(reader, cities);
    }

    /**
     * Finds an address.
     *
     * @param address IPv4 or IPv6
     * @return cell of up to 6 characters and country; empty if the database does not know the country, or is broken there
     */
    public Optional<GeoHint> locate(InetAddress address) {
        Database current = database;
        try {
            return current.cities
                    ? current.reader.tryCity(address).flatMap(MaxMindLocator::ofCity)
                    : current.reader
                            .tryCountry(address)
                            .flatMap(found -> country(found.country().isoCode()))
                            .map(GeoHint::ofCountry);
        } catch (IOException | GeoIp2Exception | RuntimeException | StackOverflowError e) {
            return Optional.empty(); // broken here, or closed
        }
    }

    private static Optional<GeoHint> ofCity(CityResponse found) {
        return country(found.country().isoCode()).map(country -> {
            Geohash cell = cell(found.location());
            return cell == null ? GeoHint.ofCountry(country) : GeoHint.of(cell, country);
        });
    }

    private static @Nullable Geohash cell(@Nullable Location location) {
        if (location == null || location.latitude() == null || location.longitude() == null) {
            return null;
        }
        double latitude = location.latitude();
        double longitude = location.longitude();
        return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
                ? Geohash.encode(GeoPoint.of(latitude, longitude), PRECISION)
                : null;
    }

    /** Some codes, such as that of Kosovo, are none of ISO 3166-1. */
    private static Optional<Country> country(@Nullable String code) {
        try {
            return code == null ? Optional.empty() : Optional.of(Country.parse(code));
        } catch (MalformedGeoException e) {
            return Optional.empty();
        }
    }

    /**
     * Opens the file again.
     *
     * @throws IOException if it cannot be used: the database that is open stays
     */
    public void reload() throws IOException {
        database = read(file); // the one before is unmapped when nobody reads it any more
    }

    /** Closes the database. Nothing is found from then on. */
    @Override
    public void close() throws IOException {
        database.reader.close();
    }
}
