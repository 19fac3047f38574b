package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.Identities;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.TokenKey;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.privacypass.VerificationKey;
import dev.masque.privacypass.VerificationKeys;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.ServerLimits;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Our proxy with everything that it has by default, authentication and access policy included; only the numbers of tunnels
 * are raised to what a benchmark opens.
 */
final class ProxyMain {
    static final String KEY = "benchmark-of-the-proxy-0123456789";

    /** The names that tokens are made with and for. */
    static final String ISSUER = "issuer.example";

    static final String ORIGIN = "proxy.example";

    private ProxyMain() {}

    /**
     * Runs until the input ends.
     *
     * @param arguments certificate and key in PEM, the name of the transport, the version, and perhaps the
     *     public key of an issuer whose tokens are taken too
     */
    public static void main(String[] arguments) throws Exception {
        TransportProvider transport = Lab.provider(arguments[2]);
        HttpVersion version = HttpVersion.valueOf(arguments[3]);
        MasqueServerBuilder builder = MasqueServer.builder()
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
                        .withSession(SessionLimits.defaults().withMaxStreams(20_000)));
        if (arguments.length > 4) {
            builder.authenticate(Authenticators.privacyPass(verifier(arguments[4])));
        }
        MasqueServer server = builder.start();
        Service.run(server.port(), () -> "0");
    }

    private static TokenVerifier verifier(String issuerKey) throws PrivacyPassException {
        TokenKey key = new TokenKey(
                TokenType.BLIND_RSA, Bytes.copyOf(Base64.getDecoder().decode(issuerKey)));
        VerificationKey counts =
                VerificationKey.of(key, Instant.EPOCH, Instant.now().plus(Duration.ofDays(1)));
        return TokenVerifier.builder()
                .origin(ORIGIN)
                .issuer(ISSUER, VerificationKeys.of(List.of(counts)), TokenType.BLIND_RSA)
                .spentTokens(SpentTokens.inMemory(1_000_000))
                .build();
    }
}
