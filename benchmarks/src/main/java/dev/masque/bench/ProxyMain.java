package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.Identities;
import dev.masque.server.MasqueServer;
import dev.masque.server.ServerLimits;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/**
 * Our proxy with everything that it has by default, authentication and access policy included; only the numbers of tunnels
 * are raised to what a benchmark opens.
 */
final class ProxyMain {
    static final String KEY = "benchmark-of-the-proxy-0123456789";

    private ProxyMain() {}

    /**
     * Runs until the input ends.
     *
     * @param arguments certificate and key in PEM, the name of the transport, and the version
     */
    public static void main(String[] arguments) throws Exception {
        TransportProvider transport = Lab.provider(arguments[2]);
        HttpVersion version = HttpVersion.valueOf(arguments[3]);
        MasqueServer server = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(Identities.fromPem(Path.of(arguments[0]), Path.of(arguments[1])))
                .transports(transport)
                .versions(version)
                .authenticate(Authenticators.preshared(Map.of("benchmark", KEY)))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .limits(ServerLimits.defaults()
                        .withMaxConnections(100_000)
                        .withMaxTunnels(100_000, 20_000)
                        .withNewTunnelsPerSecond(1_000_000)
                        .withSession(SessionLimits.defaults().withMaxStreams(20_000)))
                .start();
        Service.run(server.port(), () -> "0");
    }
}
