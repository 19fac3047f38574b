package dev.masque.examples;

import dev.masque.client.Hop;
import dev.masque.client.MasqueClient;
import dev.masque.core.Target;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.PeerTrust;
import dev.masque.server.MasqueServer;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;

/** A proxy that sends its tunnels through another one, in its own name. Separates nothing: it sees clients and targets. */
public final class ServerToServer {
    private ServerToServer() {}

    /**
     * Runs it until it is killed.
     *
     * @param arguments port, certificate and key of this proxy, key of alice, name and port of the other proxy, its authority,
     *     certificate and key to show to it
     * @throws IOException if the port cannot be bound
     * @throws GeneralSecurityException if a certificate cannot be used
     * @throws InterruptedException if it is told to end
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException, InterruptedException {
        Target other = Target.of(arguments[4], Integer.parseInt(arguments[5]));
        try (MasqueClient client = toOther(other, Path.of(arguments[6]), Path.of(arguments[7]), Path.of(arguments[8]));
                MasqueServer server = start(
                        new InetSocketAddress(Integer.parseInt(arguments[0])),
                        Path.of(arguments[1]),
                        Path.of(arguments[2]),
                        arguments[3],
                        other,
                        client)) {
            server.awaitClose();
        }
    }

    static MasqueClient toOther(Target other, Path authority, Path certificate, Path certificateKey)
            throws IOException, GeneralSecurityException {
        // tag::client[]
        return MasqueClient.builder()
                .hop(Hop.to("https://" + other.authority())
                        .identity(Identities.fromPem(certificate, certificateKey)) // mutual TLS: who this proxy is
                        .trust(PeerTrust.pem(authority)))
                .build();
        // end::client[]
    }

    static MasqueServer start(
            InetSocketAddress address,
            Path certificate,
            Path certificateKey,
            String key,
            Target other,
            MasqueClient client)
            throws IOException, GeneralSecurityException {
        // tag::server[]
        return MasqueServer.builder()
                .listen(address)
                .identity(Identities.fromPem(certificate, certificateKey))
                .authenticate(Authenticators.preshared(Map.of("alice", key)))
                .upstream(other, client.asNetwork()) // no separation: this proxy sees alice and her targets
                .start();
        // end::server[]
    }
}
