package dev.masque.examples.interop;

import dev.masque.core.HttpVersion;
import java.util.List;

/** Our client through a proxy on quic-go: CONNECT and CONNECT-UDP with QUIC DATAGRAM frames. */
class QuicGoProxyIT extends ThroughMasquePeer {
    @Override
    List<String> command() {
        return Peers.quicGo("proxy", "-cert", authority.certificate(), "-key", authority.key(), "-psk", KEY);
    }

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_3;
    }
}
