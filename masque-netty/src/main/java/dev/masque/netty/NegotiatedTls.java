package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.tls.RawKeyPin;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS handshake agreed on. Immutable.
 *
 * @param version by ALPN; HTTP/1.1 if the peer knows none
 * @param protocol the version of TLS
 * @param serverName in the SNI, or null
 * @param peer the peer's certificates
 * @param peerKey the peer's raw public key, or null
 */
record NegotiatedTls(
        HttpVersion version,
        String protocol,
        @Nullable String serverName,
        List<X509Certificate> peer,
        @Nullable RawKeyPin peerKey) {

    static NegotiatedTls of(SSLEngine engine, @Nullable String alpn) {
        SSLSession session = engine.getSession();
        if (engine instanceof KnownByKey keys) {
            return new NegotiatedTls(
                    version(keys.alpn()), session.getProtocol(), keys.serverName(), List.of(), keys.peerKey());
        }
        return new NegotiatedTls(
                version(alpn), session.getProtocol(), serverName(engine, session), peer(session), null);
    }

    private static HttpVersion version(@Nullable String alpn) {
        return HttpVersion.HTTP_2.alpn().equals(alpn) ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
    }

    /** Makes and starts the session of an accepted connection. */
    NettySession session(DuplexChannel channel, SessionLimits limits, SessionHandler handler, long began) {
        SessionInfo info = info(channel, began);
        if (version == HttpVersion.HTTP_2) {
            H2Session session = new H2Session(channel, info, limits, handler, true);
            Connections.session(channel, session);
            session.start(() -> {});
            return session;
        }
        H1ServerSession session = new H1ServerSession(channel, info, limits, handler);
        Connections.session(channel, session);
        session.start();
        return session;
    }

    SessionInfo info(DuplexChannel channel, long began) {
        return new SessionInfo(
                NettyTransport.NAME,
                version,
                protocol,
                serverName,
                peer,
                (InetSocketAddress) channel.localAddress(),
                (InetSocketAddress) channel.remoteAddress(),
                Duration.ofNanos(System.nanoTime() - began),
                peerKey);
    }

    private static List<X509Certificate> peer(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>(3);
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
        return chain;
    }

    @Nullable private static String serverName(SSLEngine engine, SSLSession session) {
        List<SNIServerName> names = List.of();
        try {
            if (engine.getUseClientMode()) {
                List<SNIServerName> sent = engine.getSSLParameters().getServerNames();
                names = sent == null ? names : sent;
            } else if (session instanceof ExtendedSSLSession extended) {
                names = extended.getRequestedServerNames();
            }
        } catch (UnsupportedOperationException notKnownToThisProvider) {
            return null;
        }
        for (SNIServerName name : names) {
            if (name instanceof SNIHostName host) {
                return host.getAsciiName();
            }
        }
        return null;
    }
}
