package dev.masque.examples;

import dev.masque.client.Credentials;
import dev.masque.client.MasqueClient;
import dev.masque.client.UdpTunnel;
import dev.masque.core.tls.PeerTrust;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A UDP tunnel through a proxy: {@code UdpThroughAProxy PROXY CA-FILE KEY HOST PORT TEXT}. */
public final class UdpThroughAProxy {
    private UdpThroughAProxy() {}

    /**
     * Sends one datagram and prints what comes back.
     *
     * @param arguments proxy, authority of its certificate, pre-shared key, host and port of the target, text to send
     * @throws IOException if the tunnel fails
     */
    public static void main(String[] arguments) throws IOException {
        Optional<ByteBuffer> answer = ask(
                arguments[0],
                Path.of(arguments[1]),
                arguments[2],
                arguments[3],
                Integer.parseInt(arguments[4]),
                StandardCharsets.UTF_8.encode(arguments[5]));
        System.out.println(
                answer.map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString())
                        .orElse("no answer within two seconds"));
    }

    static Optional<ByteBuffer> ask(
            String proxy, Path authority, String key, String host, int port, ByteBuffer question) throws IOException {
        // tag::client[]
        try (MasqueClient client = MasqueClient.builder()
                        .proxy(proxy)
                        .credentials(Credentials.preshared(key))
                        .trust(PeerTrust.pem(authority))
                        .build();
                UdpTunnel tunnel = client.openUdp(host, port)) {
            tunnel.send(question);
            return tunnel.receive(Duration.ofSeconds(2));
        }
        // end::client[]
    }
}
