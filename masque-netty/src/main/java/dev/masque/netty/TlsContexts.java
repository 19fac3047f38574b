package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.TlsIdentity;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS contexts, of TLS 1.3 and 1.2: OpenSSL's for HTTP/2 where its native part is present, else the JDK's. HTTP/1.1 ends one
 * direction of a tunnel with a close_notify (RFC 8446, 6.1); Netty's engine on OpenSSL closes the other with it and drops what was
 * to be sent there. Stateless.
 */
final class TlsContexts {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private TlsContexts() {}

    private static SslProvider provider(List<HttpVersion> versions) {
        return OpenSsl.isAvailable() && versions.contains(HttpVersion.HTTP_2) ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    /** Whether an engine cannot end one direction alone. */
    static boolean closesBothWays(SSLEngine engine) {
        return engine instanceof ReferenceCountedOpenSslEngine;
    }

    static SslContext server(TlsIdentity identity, @Nullable ClientAuthentication clients, List<HttpVersion> versions)
            throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(identity.key(), identity.chain().toArray(new X509Certificate[0]));
        if (clients != null) {
            builder.trustManager(new ClientTrust(clients.trust().manager()))
                    .clientAuth(clients.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
        return finish(builder, versions);
    }

    static SslContext client(X509ExtendedTrustManager trust, @Nullable TlsIdentity identity, List<HttpVersion> versions)
            throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .trustManager(new NameCheckingTrust(trust))
                .endpointIdentificationAlgorithm("HTTPS");
        if (identity != null) {
            builder.keyManager(identity.key(), identity.chain().toArray(new X509Certificate[0]));
        }
        return finish(builder, versions);
    }

    private static SslContext finish(SslContextBuilder builder, List<HttpVersion> versions) throws SSLException {
        return builder.sslProvider(provider(versions))
                .protocols(PROTOCOLS)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        versions.stream().map(HttpVersion::alpn).toList()))
                .build();
    }
}
