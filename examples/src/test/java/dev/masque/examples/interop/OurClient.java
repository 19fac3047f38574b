package dev.masque.examples.interop;

import dev.masque.client.Credentials;
import dev.masque.client.Forwarding;
import dev.masque.client.MasqueClient;
import dev.masque.client.UdpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.MalformedException;
import dev.masque.core.Target;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.PeerTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;

/** Our client of a proxy on loopback, over one version of HTTP; targets are authorities. */
final class OurClient implements AutoCloseable {
    private final MasqueClient client;

    private OurClient(MasqueClient client) {
        this.client = client;
    }

    static OurClient of(String proxy, TestAuthority authority, HttpVersion version, String key) {
        return of(proxy, authority, version, key, Http3Transport.chosen());
    }

    static OurClient of(
            String proxy, TestAuthority authority, HttpVersion version, String key, TransportProvider... transports) {
        try {
            return new OurClient(MasqueClient.builder()
                    .proxy("https://" + proxy)
                    .trust(PeerTrust.pem(Path.of(authority.authority())))
                    .credentials(Credentials.preshared(key))
                    .versions(version)
                    .transports(transports)
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Socket tcp(String target) throws IOException {
        return client.openTcp(target(target)).asSocket();
    }

    UdpTunnel udp(String target) throws IOException {
        return client.openUdp(target(target));
    }

    Forwarding forwardTcp(String target) throws IOException {
        return client.forwardTcp(0, target(target));
    }

    Forwarding forwardUdp(String target) throws IOException {
        return client.forwardUdp(0, target(target));
    }

    @Override
    public void close() {
        client.close();
    }

    private static Target target(String authority) throws MalformedException {
        return Target.parse(authority);
    }
}
