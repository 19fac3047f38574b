package dev.masque.cli;

import dev.masque.core.WatchedFile;
import dev.masque.server.MasqueServerBuilder;
import java.io.IOException;
import java.nio.file.Path;

/** A file that a proxy reads again when it changes; made before it is read: what changes meanwhile is read again. */
final class FollowedFile {
    private final WatchedFile file;

    private FollowedFile(WatchedFile file) {
        this.file = file;
    }

    /** Uses a file that has changed. */
    interface Use {
        void of(Path file) throws IOException;
    }

    static FollowedFile of(Path path) throws IOException {
        return new FollowedFile(WatchedFile.now(path));
    }

    /** Has the proxy use it again from now on. */
    void follow(MasqueServerBuilder builder, String what, Use use) {
        builder.reload(what, () -> reload(use));
    }

    private boolean reload(Use use) throws IOException {
        if (!file.hasChanged()) {
            return false;
        }
        try {
            use.of(file.path());
            return true;
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
