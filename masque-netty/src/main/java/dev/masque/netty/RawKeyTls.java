package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.RawKeysException;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.RawKeyServer;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 with raw public keys (RFC 7250) by Bouncy Castle, where the application has put that on the class path. No other class is
 * touched without. Stateless.
 */
final class RawKeyTls {
    private static final String LIBRARY = "org.bouncycastle.tls.TlsServerProtocol";

    private RawKeyTls() {}

    /** Why there is none. */
    static Optional<String> unavailable() {
        return unavailable(RawKeyTls.class.getClassLoader());
    }

    static Optional<String> unavailable(ClassLoader loader) {
        try {
            Class.forName(LIBRARY, false, loader);
            return Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.of("raw public keys need org.bouncycastle:bctls-jdk18on on the class path");
        }
    }

    /** Null if there is nothing to complain of. */
    static @Nullable RawKeysException complaint(@Nullable Object keys) {
        return keys == null ? null : unavailable().map(RawKeysException::new).orElse(null);
    }

    static SslContext server(RawKeyServer keys, List<HttpVersion> versions) {
        return new RawKeyContext(
                false, () -> RawKeyEngine.of(new RawKeyServerProtocol(new RawKeyServerPeer(keys, versions))));
    }

    static SslContext client(RawKeyClient keys, ConnectOptions options) {
        return new RawKeyContext(
                true,
                () -> RawKeyEngine.of(new RawKeyClientProtocol(
                        new RawKeyClientPeer(keys, options.serverName(), options.versions()))));
    }
}
