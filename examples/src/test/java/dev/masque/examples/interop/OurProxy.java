package dev.masque.examples.interop;

import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

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

    /** One that wants a certificate of a client instead of a key, on quiche for HTTP/3. */
    static OurProxy startForCertificates(TestAuthority authority, TestAuthority clients) throws IOException {
        return new OurProxy(MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(authority.identity())
                .requireClientCertificates(PeerTrust.pem(Path.of(clients.authority())))
                .authenticate(Authenticators.clientCertificate(certificate ->
                        Optional.of(certificate.getSubjectX500Principal().getName())))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .transports(Http3Transport.with("quiche"))
                .start());
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
