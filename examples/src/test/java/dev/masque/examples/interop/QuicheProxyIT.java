package dev.masque.examples.interop;

import dev.masque.core.HttpVersion;
import java.util.List;

/** Our client through a proxy on quiche: CONNECT and CONNECT-UDP with QUIC DATAGRAM frames. */
class QuicheProxyIT extends ThroughMasquePeer {
    @Override
    List<String> command() {
        return TestedProxy.nettyCommand(authority, KEY);
    }

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_3;
    }
}
