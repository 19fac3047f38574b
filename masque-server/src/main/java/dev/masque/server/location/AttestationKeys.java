package dev.masque.server.location;

import dev.masque.geohash.GeoKeySet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Where the keys of a first hop come from: pinned, from a file, or fetched from where the first hop publishes them. Thread-safe.
 */
public interface AttestationKeys {
    /**
     * The keys that are trusted now. Does not block.
     *
     * @return empty until there are any
     */
    Optional<GeoKeySet> current();

    /**
     * Looks for newer keys if it is time to. A server calls it every few seconds, on a thread that may block.
     *
     * @throws IOException if they cannot be had: those that are known stay
     */
    default void refresh() throws IOException {}

    /**
     * Says that an attestation came which none of the keys has signed: time to look for newer ones.
     */
    default void missing() {}

    /**
     * Keys that stay the same.
     *
     * @param keys the keys
     * @return the source
     */
    static AttestationKeys pinned(GeoKeySet keys) {
        Optional<GeoKeySet> pinned = Optional.of(keys);
        return () -> pinned;
    }

    /**
     * Keys of a file as it is now.
     *
     * @param file in PEM, see {@link GeoKeySet}
     * @return the source
     * @throws IOException if it cannot be read, or holds no such keys
     */
    static AttestationKeys pinned(Path file) throws IOException {
        return pinned(GeoKeySet.parse(Files.readString(file)));
    }

    /**
     * Keys of a file, which is read again when it has changed.
     *
     * @param file in PEM, see {@link GeoKeySet}
     * @return the source
     * @throws IOException if it cannot be read now, or holds no such keys
     */
    static AttestationKeys watched(Path file) throws IOException {
        return new KeysOfFile(file);
    }

    /**
     * Keys that a first hop publishes, fetched every 15 minutes and when an attestation comes that none of them has signed. Those
     * of a first hop that cannot be reached any more are trusted for another day.
     *
     * @param firstHop {@code https://a.example[:port]}
     * @param http fetches them; stays the caller's
     * @return the source, without keys until {@link #refresh} has succeeded once
     * @throws IllegalArgumentException if it is not such a URI
     */
    static AttestationKeys fetched(URI firstHop, HttpClient http) {
        return new FetchedKeys(firstHop, http, InstantSource.system());
    }
}
