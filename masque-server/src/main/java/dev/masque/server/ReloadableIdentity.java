package dev.masque.server;

import dev.masque.core.spi.ServerIdentity;
import java.util.function.Supplier;

/** An identity that is read again when told so. Thread-safe. New connections see the new one; those that stand stay. */
public final class ReloadableIdentity implements Supplier<ServerIdentity> {
    private final Source source;
    private volatile ServerIdentity current;

    /** Reads an identity. */
    interface Source {
        ServerIdentity load() throws IdentityException;
    }

    ReloadableIdentity(Source source) throws IdentityException {
        this.source = source;
        this.current = source.load();
    }

    /**
     * Reads the files again.
     *
     * @throws IdentityException if they cannot be used: the identity then stays as it was
     */
    public void reload() throws IdentityException {
        current = source.load();
    }

    @Override
    public ServerIdentity get() {
        return current;
    }
}
