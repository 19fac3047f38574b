package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ListenOptions;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import java.util.List;

/** TLS for a port: asks which identity to show with every connection. Thread-safe. */
final class ServerTls {
    private static final int MAX_CLIENT_HELLO = 32 << 10;

    private final ListenOptions options;
    private final ServerContexts<SslContext> contexts;

    ServerTls(ListenOptions options, List<HttpVersion> versions) {
        this.options = options;
        this.contexts = new ServerContexts<>(identity -> TlsContexts.server(identity, options.clients(), versions));
    }

    /** Waits for the name that the client asks for, and puts TLS into its own place then. */
    SniHandler newHandler() {
        return new SniHandler(
                (String name) -> contexts.of(options.identities().select(name)),
                MAX_CLIENT_HELLO,
                options.limits().handshakeTimeout().toMillis());
    }

    /** Gives up the contexts; connections that use one keep it. */
    void release() {
        contexts.release();
    }
}
