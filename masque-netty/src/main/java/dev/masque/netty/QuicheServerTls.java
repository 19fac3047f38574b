package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.TlsIdentity;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.ClientAuth;
import java.security.cert.X509Certificate;
import java.util.Locale;

/** TLS for a port on quiche: asks which identity to show with every connection. Thread-safe. */
final class QuicheServerTls {
    private final ListenOptions options;
    private final ServerContexts<QuicSslContext> contexts;

    QuicheServerTls(ListenOptions options) {
        this.options = options;
        this.contexts = new ServerContexts<>(this::newContext, options.clients());
    }

    /** With what is shown to a client that names no server. */
    QuicSslEngine newEngine(QuicChannel channel) {
        return contexts.of(options.identities().select(null)).newEngine(channel.alloc());
    }

    private QuicSslContext newContext(TlsIdentity identity) {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forServer(
                        identity.key(), null, identity.chain().toArray(new X509Certificate[0]))
                .applicationProtocols(HttpVersion.HTTP_3.alpn())
                .sni(name ->
                        contexts.of(options.identities().select(name == null ? null : name.toLowerCase(Locale.ROOT))))
                .earlyData(false); // a CONNECT that is played again is another connection
        ClientAuthentication clients = options.clients();
        if (clients != null) {
            builder.trustManager(new ClientTrust(clients.trust().manager()))
                    .clientAuth(clients.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
        return builder.build();
    }

    /** Gives up the contexts; connections that use one keep it. */
    void release() {
        contexts.release();
    }
}
