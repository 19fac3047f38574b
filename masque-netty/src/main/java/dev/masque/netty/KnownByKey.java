package dev.masque.netty;

import dev.masque.core.tls.RawKeyPin;
import org.jspecify.annotations.Nullable;

/** What a handshake with raw public keys (RFC 7250) agreed on. Of one event loop, and true once the handshake is over. */
interface KnownByKey {
    /** What was chosen by ALPN, null if nothing was. */
    @Nullable String alpn();

    /** The name in the SNI, or null. */
    @Nullable String serverName();

    /** The peer's key, which it proved to have; null if it showed none. */
    @Nullable RawKeyPin peerKey();
}
