package dev.masque.core.tls;

import dev.masque.core.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An identity that is read again when its files change. Thread-safe. New connections see the new one; those that stand stay.
 *
 * <pre>{@code
 * ReloadableIdentity own = Identities.fromPem(Path.of("proxy.pem"), Path.of("proxy.key"));
 * MasqueServer.builder()
 *         .identity(own)
 *         .reload("certificate", own::reload);
 * }</pre>
 */
public final class ReloadableIdentity implements Supplier<TlsIdentity> {
    private final Source source;
    private final List<WatchedFile> files = new ArrayList<>();
    private volatile TlsIdentity current;

    /** Reads an identity. */
    interface Source {
        TlsIdentity load() throws IdentityException;
    }

    ReloadableIdentity(Source source, Path... files) throws IdentityException {
        this.source = source;
        for (Path file : files) {
            this.files.add(new WatchedFile(file));
        }
        haveChanged(); // before they are read: what changes meanwhile is read again
        this.current = source.load();
    }

    /**
     * Reads the files again if one of them has changed. Blocks.
     *
     * @return false if they are the same
     * @throws IdentityException if they cannot be used: the identity then stays as it was, until they have changed once more
     */
    public boolean reload() throws IdentityException {
        if (!haveChanged()) {
            return false;
        }
        current = source.load();
        return true;
    }

    private boolean haveChanged() throws IdentityException {
        boolean some = false;
        for (WatchedFile file : files) { // all are asked
            try {
                some |= file.hasChanged();
            } catch (IOException e) {
                throw IdentityException.unreadable(file.path(), e);
            }
        }
        return some;
    }

    @Override
    public TlsIdentity get() {
        return current;
    }
}
