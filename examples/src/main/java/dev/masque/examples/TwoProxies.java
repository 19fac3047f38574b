package dev.masque.examples;

import dev.masque.client.Credentials;
import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.core.Target;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;

/** A page through two proxies, neither of which sees both ends. */
public final class TwoProxies {
    private TwoProxies() {}

    /**
     * Fetches a page over plain HTTP and prints it.
     *
     * @param arguments first proxy and its key, second proxy and its key, authority of both certificates, host and port
     * @throws IOException if the tunnel fails; says at which proxy
     */
    public static void main(String[] arguments) throws IOException {
        System.out.println(page(
                arguments[0],
                arguments[1],
                arguments[2],
                arguments[3],
                Path.of(arguments[4]),
                Target.of(arguments[5], Integer.parseInt(arguments[6]))));
    }

    static String page(String a, String keyOfA, String b, String keyOfB, Path authority, Target site)
            throws IOException {
        PeerTrust trust = PeerTrust.pem(authority);
        // tag::client[]
        try (MasqueClient client = MasqueClient.builder()
                        .hop(Hop.to(a)
                                .credentials(Credentials.preshared(keyOfA))
                                .trust(trust)) // sees who you are
                        .hop(Hop.to(b)
                                .credentials(Credentials.preshared(keyOfB))
                                .trust(trust)) // sees where you go
                        .build();
                TcpTunnel tunnel = client.openTcp(site)) {
            // end::client[]
            tunnel.outputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(tunnel.inputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    static MasqueServer first(InetSocketAddress address, Path certificate, Path certificateKey, String key, Target next)
            throws IOException, GeneralSecurityException {
        // tag::first[]
        return MasqueServer.builder()
                .listen(address)
                .identity(Identities.fromPem(certificate, certificateKey))
                .authenticate(Authenticators.preshared(Map.of("alice", key)))
                .accessPolicy(AccessPolicy.nextHopsOnly(List.of(next))) // such as b.example:443
                .start();
        // end::first[]
    }
}
