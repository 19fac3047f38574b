package dev.masque.examples;

import dev.masque.client.Credentials;
import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.core.tls.PeerTrust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A TCP tunnel through a proxy: {@code ThroughAProxy PROXY CA-FILE KEY HOST PORT}. */
public final class ThroughAProxy {
    private ThroughAProxy() {}

    /**
     * Asks a web server for its front page, and prints it.
     *
     * @param arguments proxy, authority of its certificate, pre-shared key, host and port of the target
     * @throws IOException if the tunnel fails
     */
    public static void main(String[] arguments) throws IOException {
        System.out.print(
                page(arguments[0], Path.of(arguments[1]), arguments[2], arguments[3], Integer.parseInt(arguments[4])));
    }

    static String page(String proxy, Path authority, String key, String host, int port) throws IOException {
        // tag::client[]
        try (MasqueClient client = MasqueClient.builder()
                        .proxy(proxy) // https://proxy.example
                        .credentials(Credentials.preshared(key))
                        .trust(PeerTrust.pem(authority)) // leave it out for a public certificate
                        .build();
                TcpTunnel tunnel = client.openTcp(host, port)) {
            tunnel.outputStream()
                    .write(("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(tunnel.inputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        // end::client[]
    }
}
