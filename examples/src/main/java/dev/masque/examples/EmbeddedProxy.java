package dev.masque.examples;

import dev.masque.core.tls.Identities;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A proxy inside a server of one's own: {@code EmbeddedProxy PORT CERT-FILE KEY-FILE PSK}. */
public final class EmbeddedProxy {
    private EmbeddedProxy() {}

    /**
     * Runs until the process ends.
     *
     * @param arguments port, certificate, its key, pre-shared key
     * @throws IOException if the port is taken or a file cannot be used
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(Integer.parseInt(arguments[0]));
        try (MasqueServer server = start(
                address,
                Path.of(arguments[1]),
                Path.of(arguments[2]),
                arguments[3],
                AccessPolicy.builder().build())) {
            server.awaitClose();
        }
    }

    static MasqueServer start(
            InetSocketAddress address, Path certificate, Path privateKey, String key, AccessPolicy policy)
            throws IOException {
        // tag::server[]
        return MasqueServer.builder()
                .listen(address)
                .identity(Identities.fromPem(certificate, privateKey))
                .authenticate(Authenticators.preshared(Map.of("alice", key)))
                .accessPolicy(policy) // AccessPolicy.builder().build(): public unicast addresses only
                .handler(
                        "/",
                        exchange -> { // what is no tunnel goes to your own handlers
                            byte[] body = "A site, and a proxy.\n".getBytes(StandardCharsets.US_ASCII);
                            exchange.sendResponseHeaders(200, body.length);
                            exchange.getResponseBody().write(body);
                            exchange.close();
                        })
                .start();
        // end::server[]
    }
}
