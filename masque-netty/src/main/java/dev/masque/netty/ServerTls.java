package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.tls.RawKeyServer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS for a port: asks which identity to show with every connection. Thread-safe. */
final class ServerTls {
    private static final int MAX_CLIENT_HELLO = 32 << 10;

    private final ListenOptions options;
    private final boolean both;
    private final ServerContexts<SslContext> contexts;

    /** For clients that will not speak HTTP/2: {@link TlsContexts}. */
    private final ServerContexts<SslContext> http1Contexts;

    /** For clients that know the port by its raw public key; null without such. */
    @Nullable private final SslContext rawKeys;

    private final boolean rawKeysAlone;

    ServerTls(ListenOptions options, List<HttpVersion> versions) {
        this.options = options;
        both = versions.containsAll(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
        contexts = new ServerContexts<>(
                identity -> TlsContexts.server(identity, options.clients(), versions), options.clients());
        http1Contexts = new ServerContexts<>(
                identity -> TlsContexts.server(identity, options.clients(), List.of(HttpVersion.HTTP_1_1)),
                options.clients());
        RawKeyServer keys = options.rawKeys();
        rawKeys = keys == null ? null : RawKeyTls.server(keys, versions);
        rawKeysAlone = keys != null && keys.alone();
    }

    /** Waits for the name that the client asks for, and puts TLS into its own place then. */
    SniHandler newHandler() {
        return new Choosing();
    }

    /** Gives up the contexts; connections that use one keep it. */
    void release() {
        contexts.release();
        http1Contexts.release();
    }

    /** Of one connection. */
    private final class Choosing extends SniHandler {
        private boolean http1;

        @Nullable private SslContext chosen;

        Choosing() {
            super(
                    (String name) -> contexts.of(options.identities().select(name)),
                    MAX_CLIENT_HELLO,
                    options.limits().handshakeTimeout().toMillis());
        }

        @Override
        protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable ByteBuf clientHello)
                throws Exception {
            boolean raw = rawKeysAlone || clientHello != null && ClientHello.offersRawKey(clientHello);
            chosen = raw ? rawKeys : null;
            http1 = both && (clientHello == null || !ClientHello.offers(clientHello, HttpVersion.HTTP_2.alpn()));
            return super.lookup(context, clientHello);
        }

        @Override
        protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable String name) throws Exception {
            SslContext known = chosen;
            if (known != null) {
                return context.executor().newSucceededFuture(known);
            }
            return http1
                    ? context.executor()
                            .newSucceededFuture(
                                    http1Contexts.of(options.identities().select(name)))
                    : super.lookup(context, name);
        }
    }
}
