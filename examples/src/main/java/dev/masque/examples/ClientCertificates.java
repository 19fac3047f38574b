package dev.masque.examples;

import static dev.masque.core.HttpVersion.HTTP_1_1;
import static dev.masque.core.HttpVersion.HTTP_2;

import dev.masque.core.tls.Identities;
import dev.masque.core.tls.ReloadableIdentity;
import dev.masque.core.tls.ReloadableTrust;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.auth.CertificateRules;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** A proxy for those who show a certificate: of one authority, with a name that is let in, and not revoked. */
public final class ClientCertificates {
    private ClientCertificates() {}

    /**
     * Runs it until it is killed.
     *
     * @param arguments port, certificate and key of this proxy, authority of its clients, list of revoked certificates, rule for
     *     names such as {@code dns:*.proxies.example}
     * @throws IOException if the port cannot be bound
     * @throws GeneralSecurityException if a certificate cannot be used
     * @throws InterruptedException if it is told to end
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException, InterruptedException {
        try (MasqueServer server = start(
                new InetSocketAddress(Integer.parseInt(arguments[0])),
                Path.of(arguments[1]),
                Path.of(arguments[2]),
                Path.of(arguments[3]),
                Path.of(arguments[4]),
                arguments[5],
                AccessPolicy.publicOnly())) {
            server.awaitClose();
        }
    }

    static MasqueServer start(
            InetSocketAddress address,
            Path certificate,
            Path certificateKey,
            Path authorities,
            Path revoked,
            String rule,
            AccessPolicy policy)
            throws IOException, GeneralSecurityException {
        // tag::server[]
        ReloadableIdentity own = Identities.fromPem(certificate, certificateKey);
        ReloadableTrust clients = ReloadableTrust.fromPem(authorities, revoked); // revoked: CRLs, may be left out
        return MasqueServer.builder()
                .listen(address)
                .identity(own)
                .reload("certificate", own::reload)
                .requireClientCertificates(clients.trust())
                .authenticate(
                        Authenticators.clientCertificate(CertificateRules.anyOf(rule) // such as dns:*.proxies.example
                                .unless(clients::isRevoked))) // on connections that stand, too
                .reload("client authorities", clients::reload)
                .accessPolicy(policy)
                .versions(HTTP_1_1, HTTP_2) // HTTP/3 too, with the transport on quiche
                .start();
        // end::server[]
    }
}
