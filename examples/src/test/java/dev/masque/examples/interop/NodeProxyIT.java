package dev.masque.examples.interop;

import dev.masque.core.HttpVersion;
import java.util.List;

/** Our client through a proxy on Node's http2: CONNECT and CONNECT-UDP with capsules. */
class NodeProxyIT extends ThroughMasquePeer {
    @Override
    List<String> command() {
        return Peers.node(
                "node-h2-proxy.mjs", "--cert", authority.certificate(), "--key", authority.key(), "--psk", KEY);
    }

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_2;
    }
}
