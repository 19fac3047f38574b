package dev.masque.examples;

import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A proxy and its client, which may be another proxy, know each other by raw public keys (RFC 7250): no authority, no names. */
public final class ProxiesKnownByKey {
    private ProxiesKnownByKey() {}

    /**
     * Fetches a page over plain HTTP and prints it.
     *
     * @param arguments the proxy, the pin of its key, a file with the key of the client, host and port
     * @throws IOException if the tunnel fails
     */
    public static void main(String[] arguments) throws IOException {
        System.out.println(page(
                arguments[0],
                RawKeyPins.of(arguments[1]),
                RawKey.fromPem(Path.of(arguments[2])),
                Target.of(arguments[3], Integer.parseInt(arguments[4]))));
    }

    static MasqueServer server(InetSocketAddress address, Path key, Path keysOfClients, AccessPolicy policy)
            throws IOException {
        // tag::server[]
        RawKeyPins clients = RawKeyPins.fromFile(keysOfClients); // lines of: sha256/... name
        return MasqueServer.builder()
                .listen(address)
                .versions(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1) // over QUIC there are no raw public keys
                .rawKey(RawKey.fromPem(key))
                .requireClientRawKeys(clients)
                .authenticate(Authenticators.clientRawKey(clients))
                .accessPolicy(policy)
                .start();
        // end::server[]
    }

    static String page(String proxy, RawKeyPins keysOfProxy, RawKey own, Target site) throws IOException {
        // tag::client[]
        try (MasqueClient client = MasqueClient.builder()
                        .proxy(proxy)
                        .trustRawKeys(keysOfProxy) // the key of today, and that of tomorrow
                        .rawKey(own)
                        .build();
                TcpTunnel tunnel = client.openTcp(site)) {
            // end::client[]
            tunnel.outputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(tunnel.inputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
