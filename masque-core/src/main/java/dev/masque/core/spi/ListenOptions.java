package dev.masque.core.spi;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.IdentitySelector;
import dev.masque.core.tls.TlsIdentity;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to listen. Immutable.
 *
 * @param address where; port 0 takes a free one
 * @param versions what to offer by ALPN, a subset of what the transport speaks
 * @param identities asked for every new connection; must not block
 * @param clients how clients show certificates, null if they are not asked; a transport that cannot ask fails to listen
 * @param limits what a session may cost
 */
public record ListenOptions(
        InetSocketAddress address,
        Set<HttpVersion> versions,
        IdentitySelector identities,
        @Nullable ClientAuthentication clients,
        SessionLimits limits) {
    /** Copies the set. */
    public ListenOptions {
        versions = Set.copyOf(versions);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("no version of HTTP");
        }
    }

    /**
     * With one identity for every name, and without asking clients for certificates.
     *
     * @param address where; port 0 takes a free one
     * @param versions what to offer by ALPN, a subset of what the transport speaks
     * @param identity called for every new connection; must not block
     * @param limits what a session may cost
     */
    public ListenOptions(
            InetSocketAddress address,
            Set<HttpVersion> versions,
            Supplier<TlsIdentity> identity,
            SessionLimits limits) {
        this(address, versions, IdentitySelector.always(identity), null, limits);
    }
}
