package dev.masque.examples.interop;

import dev.masque.core.contract.TestPki;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/** Our proxy on loopback, with every transport of the class path, open for loopback targets to who has the key. */
final class OurProxy implements AutoCloseable {
    static final String KEY = "a-key-for-tests";

    private final MasqueServer server;
    private final Path authority;

    private OurProxy(MasqueServer server, Path authority) {
        this.server = server;
        this.authority = authority;
    }

    static OurProxy start(TestPki pki, Path authority) throws IOException {
        MasqueServer server = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(pki.identity())
                .authenticate(Authenticators.preshared(Map.of("test", KEY)))
                .accessPolicy(AccessPolicy.builder()
                        .allow("127.0.0.0/8")
                        .allow("[::1]")
                        .build())
                .start();
        return new OurProxy(server, authority);
    }

    /** The file with the authority that signed the certificate. */
    String authority() {
        return authority.toString();
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
