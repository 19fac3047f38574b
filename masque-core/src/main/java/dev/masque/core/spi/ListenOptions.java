package dev.masque.core.spi;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.IdentitySelector;
import dev.masque.core.tls.RawKeyServer;
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
 * @param rawKeys how the port is known by a raw public key, null if it has none; a transport that cannot do that fails to listen
 */
public record ListenOptions(
        InetSocketAddress address,
        Set<HttpVersion> versions,
        IdentitySelector identities,
        @Nullable ClientAuthentication clients,
        SessionLimits limits,
        @Nullable RawKeyServer rawKeys) {
    /** Copies the set. */
    public ListenOptions {
        versions = Set.copyOf(versions);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("no version of HTTP");
        }
        if (rawKeys != null && !rawKeys.alone() && rawKeys.required() != (clients != null && clients.required())) {
            throw new IllegalArgumentException("a client that must show a key or a certificate could go the other way");
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
        this(address, versions, IdentitySelector.always(identity), null, limits, null);
    }

    /**
     * Without raw public keys.
     *
     * @param address where; port 0 takes a free one
     * @param versions what to offer by ALPN, a subset of what the transport speaks
     * @param identities asked for every new connection; must not block
     * @param clients how clients show certificates, null if they are not asked
     * @param limits what a session may cost
     */
    public ListenOptions(
            InetSocketAddress address,
            Set<HttpVersion> versions,
            IdentitySelector identities,
            @Nullable ClientAuthentication clients,
            SessionLimits limits) {
        this(address, versions, identities, clients, limits, null);
    }

    /**
     * With a raw public key.
     *
     * @param keys how the port is known by it
     * @return a copy
     */
    public ListenOptions withRawKeys(@Nullable RawKeyServer keys) {
        return new ListenOptions(address, versions, identities, clients, limits, keys);
    }
}
