package dev.masque.core.tls;

import java.util.function.Supplier;

/** An identity that is read again when told so. Thread-safe. New connections see the new one; those that stand stay. */
public final class ReloadableIdentity implements Supplier<TlsIdentity> {
    private final Source source;
    private volatile TlsIdentity current;

    /** Reads an identity. */
    interface Source {
        TlsIdentity load() throws IdentityException;
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
    public TlsIdentity get() {
        return current;
    }
}
