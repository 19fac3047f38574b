package dev.masque.examples.interop;

import dev.masque.core.HttpVersion;
import java.nio.file.Path;
import java.util.List;

/** Our client through a proxy on quiche: CONNECT and CONNECT-UDP with QUIC DATAGRAM frames. */
class QuicheProxyIT extends ThroughMasquePeer {
    @Override
    List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                QuicheProxy.class.getName(),
                authority.certificate(),
                authority.key(),
                KEY);
    }

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_3;
    }
}
