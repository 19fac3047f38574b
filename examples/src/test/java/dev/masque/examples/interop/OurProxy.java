package dev.masque.examples.interop;

import dev.masque.core.spi.TransportProvider;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** Our proxy on loopback, with every transport of the class path, open for loopback targets to who has the key. */
final class OurProxy implements AutoCloseable {
    static final String KEY = "a-key-for-tests";

    private final MasqueServer server;

    private OurProxy(MasqueServer server) {
        this.server = server;
    }

    static OurProxy start(TestAuthority authority) throws IOException {
        return start(authority, Http3Transport.chosen());
    }

    static OurProxy start(TestAuthority authority, TransportProvider... transports) throws IOException {
        MasqueServer server = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(authority.identity())
                .authenticate(Authenticators.preshared(Map.of("test", KEY)))
                .accessPolicy(AccessPolicy.builder()
                        .allow("127.0.0.0/8")
                        .allow("[::1]")
                        .build())
                .transports(transports)
                .start();
        return new OurProxy(server);
    }

    /** Host and port, as the peers take them. */
    String address() {
        return "localhost:" + server.port();
    }

    MasqueServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
