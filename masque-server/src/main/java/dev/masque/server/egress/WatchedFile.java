package dev.masque.server.egress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** Tells whether a file has been written or replaced since it was last asked. Thread-safe. */
final class WatchedFile {
    private final Path path;
    private @Nullable Stamp last;

    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {
        static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null);
    }

    WatchedFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Fails the first time that the file is not there. */
    synchronized boolean hasChanged() throws IOException {
        Stamp now;
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            now = new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            if (Stamp.MISSING.equals(last)) {
                return false;
            }
            last = Stamp.MISSING;
            throw e;
        }
        boolean changed = !now.equals(last);
        last = now;
        return changed;
    }
}
