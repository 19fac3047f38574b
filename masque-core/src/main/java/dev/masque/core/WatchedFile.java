package dev.masque.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** Tells whether a file has been written or replaced since it was last asked. Thread-safe. */
public final class WatchedFile {
    private final Path path;

    @Nullable private Stamp last;

    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {
        static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null);
    }

    /**
     * A file that nobody has asked about yet.
     *
     * @param path where it is; it need not be there
     */
    public WatchedFile(Path path) {
        this.path = path;
    }

    /**
     * A file as it is now. Made before it is read, it tells of what changes meanwhile. Blocks.
     *
     * @param path where it is
     * @return tells of later changes only
     * @throws IOException if it is not there
     */
    public static WatchedFile now(Path path) throws IOException {
        WatchedFile file = new WatchedFile(path);
        file.hasChanged();
        return file;
    }

    /**
     * Where it is.
     *
     * @return the path
     */
    public Path path() {
        return path;
    }

    /**
     * Asks. Blocks.
     *
     * @return true the first time, and when time, size or identity of the file are others than before
     * @throws IOException the first time that the file is not there
     */
    public synchronized boolean hasChanged() throws IOException {
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
