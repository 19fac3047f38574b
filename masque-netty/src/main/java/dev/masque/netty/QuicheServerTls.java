package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ServerIdentity;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** TLS for a port on quiche: asks for the identity with every connection, makes a context when it is a new one. Thread-safe. */
final class QuicheServerTls {
    private final Supplier<ServerIdentity> identities;

    @Nullable private ServerIdentity current;

    @Nullable private QuicSslContext context;

    QuicheServerTls(Supplier<ServerIdentity> identities) {
        this.identities = identities;
    }

    synchronized QuicSslEngine newEngine(QuicChannel channel) {
        ServerIdentity identity = identities.get();
        QuicSslContext use = context;
        if (use == null || !Objects.equals(identity, current)) {
            QuicSslContext fresh = QuicSslContextBuilder.forServer(
                            identity.key(), null, identity.chain().toArray(new X509Certificate[0]))
                    .applicationProtocols(HttpVersion.HTTP_3.alpn())
                    .sni(name -> context) // so that the name is told; without one there is no call
                    .earlyData(false) // a CONNECT that is played again is another connection
                    .build();
            release();
            context = fresh;
            use = fresh;
        }
        current = identity;
        return use.newEngine(channel.alloc());
    }

    /** Gives up the context; connections that use it keep it. */
    synchronized void release() {
        if (context != null) {
            ReferenceCountUtil.release(context);
            context = null;
        }
    }
}
