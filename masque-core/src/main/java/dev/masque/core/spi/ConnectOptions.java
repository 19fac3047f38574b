package dev.masque.core.spi;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.TlsIdentity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to connect. Immutable.
 *
 * @param address the proxy's resolved address; may be unresolved if there is a network of one's own, which resolves it
 * @param serverName the proxy's name or address, for SNI (names only) and for the check of its certificate (RFC 9525)
 * @param versions what to offer by ALPN, best first, a subset of what the transport speaks
 * @param trust decides on the proxy's certificate chain; the transport checks the name, whatever this says
 * @param identity what to show to a proxy that asks for a certificate, or null
 * @param timeout for the connection and all handshakes
 * @param limits what a session may cost
 * @param network what opens the connection or socket under the session, such as the tunnels of another session; null for
 *     sockets of the system. Not closed by the transport
 * @param rawKeys how the proxy is known by a raw public key, instead of by {@code trust} and its name; null if by a certificate. A
 *     transport that cannot do that fails to connect
 */
public record ConnectOptions(
        InetSocketAddress address,
        String serverName,
        List<HttpVersion> versions,
        X509ExtendedTrustManager trust,
        @Nullable TlsIdentity identity,
        Duration timeout,
        SessionLimits limits,
        @Nullable Network network,
        @Nullable RawKeyClient rawKeys) {
    /** Copies the list. */
    public ConnectOptions {
        versions = List.copyOf(versions);
        if (versions.isEmpty() || Set.copyOf(versions).size() != versions.size()) {
            throw new IllegalArgumentException("no version of HTTP, or one twice");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is not positive");
        }
    }

    /**
     * Without a certificate of one's own.
     *
     * @param address the proxy's resolved address
     * @param serverName the proxy's name or address
     * @param versions what to offer by ALPN, best first, a subset of what the transport speaks
     * @param trust decides on the proxy's certificate chain
     * @param timeout for the connection and all handshakes
     * @param limits what a session may cost
     */
    public ConnectOptions(
            InetSocketAddress address,
            String serverName,
            List<HttpVersion> versions,
            X509ExtendedTrustManager trust,
            Duration timeout,
            SessionLimits limits) {
        this(address, serverName, versions, trust, null, timeout, limits, null, null);
    }

    /**
     * Over sockets of the system.
     *
     * @param address the proxy's resolved address
     * @param serverName the proxy's name or address
     * @param versions what to offer by ALPN, best first, a subset of what the transport speaks
     * @param trust decides on the proxy's certificate chain
     * @param identity what to show to a proxy that asks for a certificate, or null
     * @param timeout for the connection and all handshakes
     * @param limits what a session may cost
     */
    public ConnectOptions(
            InetSocketAddress address,
            String serverName,
            List<HttpVersion> versions,
            X509ExtendedTrustManager trust,
            @Nullable TlsIdentity identity,
            Duration timeout,
            SessionLimits limits) {
        this(address, serverName, versions, trust, identity, timeout, limits, null, null);
    }

    /**
     * Without raw public keys.
     *
     * @param address the proxy's resolved address
     * @param serverName the proxy's name or address
     * @param versions what to offer by ALPN, best first, a subset of what the transport speaks
     * @param trust decides on the proxy's certificate chain
     * @param identity what to show to a proxy that asks for a certificate, or null
     * @param timeout for the connection and all handshakes
     * @param limits what a session may cost
     * @param network what opens the connection or socket under the session, or null
     */
    public ConnectOptions(
            InetSocketAddress address,
            String serverName,
            List<HttpVersion> versions,
            X509ExtendedTrustManager trust,
            @Nullable TlsIdentity identity,
            Duration timeout,
            SessionLimits limits,
            @Nullable Network network) {
        this(address, serverName, versions, trust, identity, timeout, limits, network, null);
    }

    /**
     * With a certificate of one's own.
     *
     * @param shown what to show to a proxy that asks for one
     * @return a copy
     */
    public ConnectOptions withIdentity(@Nullable TlsIdentity shown) {
        return new ConnectOptions(address, serverName, versions, trust, shown, timeout, limits, network, rawKeys);
    }

    /**
     * Over a network of one's own.
     *
     * @param under what opens the connection or socket under the session
     * @return a copy
     */
    public ConnectOptions over(@Nullable Network under) {
        return new ConnectOptions(address, serverName, versions, trust, identity, timeout, limits, under, rawKeys);
    }

    /**
     * To a proxy that is known by a raw public key.
     *
     * @param keys how it is known
     * @return a copy
     */
    public ConnectOptions withRawKeys(@Nullable RawKeyClient keys) {
        return new ConnectOptions(address, serverName, versions, trust, identity, timeout, limits, network, keys);
    }

    /**
     * Whether somebody can find the proxy.
     *
     * @throws IllegalArgumentException if the address is not resolved and there is no network that does it
     */
    public void checkAddress() {
        if (network == null && address.isUnresolved()) {
            throw new IllegalArgumentException("address is not resolved");
        }
    }
}
