package dev.masque.examples.interop;

import dev.masque.client.Credentials;
import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.client.MasqueClientBuilder;
import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TestPki;
import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Two proxies on loopback over real transports: the first leads to the second and nowhere else. */
final class HopPair implements AutoCloseable {
    static final String KEY_OF_A = "the-key-for-a-alone";
    static final String KEY_OF_B = "the-key-for-b-alone";

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final TestPki PKI_A = new TestPki();
    private static final TestPki PKI_B = new TestPki();

    final MasqueServer a;
    MasqueServer b;
    private final Resolver names = name -> name.endsWith(".example")
            ? CompletableFuture.completedFuture(List.of(LOOPBACK))
            : CompletableFuture.failedFuture(new UnknownHostException("not a name of this test"));
    private final Path directory;
    private final TransportProvider[] ofB;
    private final TransportProvider[] ofClient;

    /** The names of the transports for HTTP/3. */
    HopPair(Path directory, String ofA, String ofB, String ofClient) throws IOException {
        this.directory = directory;
        this.ofB = Http3Transport.with(ofB);
        this.ofClient = Http3Transport.with(ofClient);
        b = startB(0);
        a = MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .identity(PKI_A.issue("a.example"))
                .transports(Http3Transport.with(ofA))
                .authenticate(Authenticators.preshared(Map.of("user", KEY_OF_A)))
                .accessPolicy(AccessPolicy.builder()
                        .deny("*")
                        .allow("b.example:" + b.port())
                        .allow("127.0.0.0/8:" + b.port())
                        .build())
                .resolver(names)
                .start();
    }

    private MasqueServer startB(int port) throws IOException {
        return MasqueServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, port))
                .identity(PKI_B.issue("b.example"))
                .transports(ofB)
                .authenticate(Authenticators.preshared(Map.of("somebody", KEY_OF_B)))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .resolver(names)
                .start();
    }

    /** A third, that B leads to; to be closed by the caller. */
    MasqueServer startC() throws IOException {
        return startB(0);
    }

    /** The third as a hop. */
    Hop hopC(MasqueServer c, HttpVersion... versions) throws IOException {
        return hopTo(c, versions);
    }

    /** B loses everything and comes back. */
    void restartB() throws IOException {
        int port = b.port();
        b.close();
        b = startB(port);
    }

    Hop hopA(HttpVersion version) throws IOException {
        return Hop.to("https://a.example:" + a.port())
                .credentials(Credentials.preshared(KEY_OF_A))
                .trust(PeerTrust.pem(TestPki.pem(PKI_A.authority(), directory)))
                .versions(version);
    }

    Hop hopB(HttpVersion... versions) throws IOException {
        return hopTo(b, versions);
    }

    private Hop hopTo(MasqueServer server, HttpVersion... versions) throws IOException {
        return Hop.to("https://b.example:" + server.port())
                .credentials(Credentials.preshared(KEY_OF_B))
                .trust(PeerTrust.pem(TestPki.pem(PKI_B.authority(), directory)))
                .versions(versions);
    }

    /** Knows the address of A, and of nobody else. */
    MasqueClientBuilder client() {
        return MasqueClient.builder()
                .transports(ofClient)
                .connectTimeout(Duration.ofSeconds(20))
                .resolver(name -> name.equals("a.example")
                        ? CompletableFuture.completedFuture(List.of(LOOPBACK))
                        : CompletableFuture.failedFuture(new UnknownHostException("not a name for a client")));
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
