package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.RawKeyServer;
import io.netty.handler.ssl.SslContext;
import java.util.List;

/** TLS 1.3 with raw public keys (RFC 7250) by Bouncy Castle. Not to be touched where {@link RawKeyLibrary} is not there. Stateless. */
final class RawKeyTls {
    private RawKeyTls() {}

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
