package dev.masque.server.location;

import dev.masque.core.WatchedFile;
import dev.masque.geohash.GeoKeySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Keys of a file that may change. Thread-safe. */
final class KeysOfFile implements AttestationKeys {
    private final WatchedFile file;
    private volatile GeoKeySet keys;

    KeysOfFile(Path path) throws IOException {
        file = WatchedFile.now(path);
        keys = GeoKeySet.parse(Files.readString(path));
    }

    @Override
    public Optional<GeoKeySet> current() {
        return Optional.of(keys);
    }

    @Override
    public void refresh() throws IOException {
        if (file.hasChanged()) {
            keys = GeoKeySet.parse(Files.readString(file.path()));
        }
    }
}
