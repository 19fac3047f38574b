package dev.masque.core.spi;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.RawKeyPin;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection. Immutable. The addresses are for policy, never for logs.
 *
 * @param transport the name of the transport, as {@link TransportProvider#name()}
 * @param version the version of HTTP
 * @param tlsProtocol {@code TLSv1.3} or {@code TLSv1.2}; null without TLS (in memory)
 * @param serverName the name in the client's SNI, or null
 * @param peerCertificates the peer's chain, its own first; empty if it showed none
 * @param localAddress this end
 * @param remoteAddress the other end
 * @param handshake how long connecting and the handshakes took; on a server the handshake alone
 * @param peerKey the peer's raw public key (RFC 7250), which is trusted; null if it showed none
 */
public record SessionInfo(
        String transport,
        HttpVersion version,
        @Nullable String tlsProtocol,
        @Nullable String serverName,
        List<X509Certificate> peerCertificates,
        InetSocketAddress localAddress,
        InetSocketAddress remoteAddress,
        Duration handshake,
        @Nullable RawKeyPin peerKey) {
    /** Copies the list. */
    public SessionInfo {
        peerCertificates = List.copyOf(peerCertificates);
    }

    /**
     * Of a peer without a raw public key.
     *
     * @param transport the name of the transport
     * @param version the version of HTTP
     * @param tlsProtocol {@code TLSv1.3} or {@code TLSv1.2}; null without TLS (in memory)
     * @param serverName the name in the client's SNI, or null
     * @param peerCertificates the peer's chain, its own first; empty if it showed none
     * @param localAddress this end
     * @param remoteAddress the other end
     * @param handshake how long connecting and the handshakes took
     */
    public SessionInfo(
            String transport,
            HttpVersion version,
            @Nullable String tlsProtocol,
            @Nullable String serverName,
            List<X509Certificate> peerCertificates,
            InetSocketAddress localAddress,
            InetSocketAddress remoteAddress,
            Duration handshake) {
        this(
                transport,
                version,
                tlsProtocol,
                serverName,
                peerCertificates,
                localAddress,
                remoteAddress,
                handshake,
                null);
    }

    /** Without the addresses. */
    @Override
    public String toString() {
        return transport + " " + version.alpn() + " " + tlsProtocol;
    }
}
