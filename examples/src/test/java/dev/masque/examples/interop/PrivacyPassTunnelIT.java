package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.client.AuthenticationException;
import dev.masque.client.Credentials;
import dev.masque.client.MasqueClient;
import dev.masque.client.MasqueClientBuilder;
import dev.masque.client.TcpTunnel;
import dev.masque.client.TunnelException;
import dev.masque.client.TunnelStep;
import dev.masque.client.UdpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.tls.PeerTrust;
import dev.masque.examples.TunnelsForTokens;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.http.DirectoryHandler;
import dev.masque.privacypass.http.IssuerClient;
import dev.masque.privacypass.http.IssuerHandler;
import dev.masque.privacypass.wallet.Wallet;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.event.AuthenticationChecked;
import dev.masque.server.event.ServerListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Privacy Pass on tunnels: an issuer on one of our servers, a proxy that takes its tokens, a client that gets them by HTTPS and
 * spends them, over each version of HTTP.
 */
class PrivacyPassTunnelIT extends Interop {
    private static final String ORIGIN = "localhost"; // as clients name the proxy
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Queue<AuthenticationChecked> checked = new ConcurrentLinkedQueue<>();
    private IssuerKeys keys;
    private MasqueServer issuer;
    private MasqueServer proxy;
    private TokenChallenge challenge;
    private Wallet wallet;

    @SuppressWarnings("NullAway.Init") // start()
    PrivacyPassTunnelIT() {}

    @BeforeAll
    void start() throws Exception {
        keys = IssuerKeys.builder().types(TokenType.BLIND_RSA).open();
        issuer = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(authority.identity())
                .authenticate(Authenticators.preshared(Map.of("nobody", "nobody")))
                .handler(IssuerDirectory.PATH, DirectoryHandler.of(keys, URI.create("/request")))
                .handler("/request", IssuerHandler.of(TokenIssuer.of(keys)))
                .start();
        challenge =
                new TokenChallenge(TokenType.BLIND_RSA, "issuer.example", Bytes.copyOf(new byte[0]), List.of(ORIGIN));
        proxy = TunnelsForTokens.takeTokens(MasqueServer.builder(), ORIGIN, "issuer.example", keys)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(authority.identity())
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .listener(new ServerListener() {
                    @Override
                    public void authenticated(AuthenticationChecked event) {
                        checked.add(event);
                    }
                })
                .transports(Http3Transport.chosen())
                .start();
        IssuerClient client = IssuerClient.builder(URI.create("https://localhost:" + issuer.port()))
                .httpClient(
                        HttpClient.newBuilder().sslContext(authority.trusting()).build())
                .build();
        wallet = TunnelsForTokens.wallet(client);
    }

    @AfterAll
    void stop() throws Exception {
        if (wallet != null) {
            wallet.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        if (issuer != null) {
            issuer.close();
        }
        if (keys != null) {
            keys.close();
        }
    }

    private MasqueClient client(HttpVersion version, Credentials credentials) throws Exception {
        return builder().credentials(credentials).versions(version).build();
    }

    private MasqueClientBuilder builder() throws Exception {
        return MasqueClient.builder()
                .proxy("https://localhost:" + proxy.port())
                .trust(PeerTrust.pem(Path.of(authority.authority())))
                .transports(Http3Transport.chosen());
    }

    @ParameterizedTest
    @EnumSource
    void everyTunnelSpendsAToken(HttpVersion version) throws Exception {
        checked.clear();
        try (MasqueClient client = TunnelsForTokens.bringTokens(builder(), wallet)
                .versions(version)
                .build()) {
            for (int i = 0; i < 3; i++) {
                try (TcpTunnel tunnel = client.openTcp(Target.parse(origins.tcpEcho()))) {
                    tunnel.outputStream().write(new byte[] {1, 2, 3});
                    tunnel.outputStream().flush();
                    assertThat(tunnel.inputStream().readNBytes(3)).containsExactly(1, 2, 3);
                }
            }
            try (UdpTunnel tunnel = client.openUdp(Target.parse(origins.udpEcho()))) {
                tunnel.send(ByteBuffer.wrap(new byte[] {4, 5}));
                assertThat(tunnel.receive(PATIENCE)).hasValue(ByteBuffer.wrap(new byte[] {4, 5}));
            }
        }
        // the first request had none, and was told what to bring
        assertThat(checked).extracting(AuthenticationChecked::outcome).hasSize(5);
        assertThat(checked.stream()
                        .filter(event -> event.outcome() == AuthenticationChecked.Outcome.ACCEPTED)
                        .map(AuthenticationChecked::method))
                .hasSize(4)
                .containsOnly("privatetoken");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenIsGoodOnceAndOnItsConnectionAgain(HttpVersion version) throws Exception {
        Token token = wallet.take(challenge, PATIENCE);
        Credentials same = request -> Optional.of(PrivateTokenCredentials.format(token));
        try (MasqueClient first = client(version, same);
                MasqueClient second = client(version, same)) {
            first.openTcp(Target.parse(origins.tcpEcho())).close();
            if (version != HttpVersion.HTTP_1_1) { // where a tunnel is the end of the connection
                first.openTcp(Target.parse(origins.tcpEcho())).close();
            }
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> second.openTcp(Target.parse(origins.tcpEcho())))
                    .satisfies(refusal -> assertThat(refusal.challenges().toString())
                            .contains("PrivateToken challenge=", "token-key="));
        }
    }

    @ParameterizedTest
    @EnumSource
    void forgedTokensAreRefused(HttpVersion version) throws Exception {
        String good = PrivateTokenCredentials.format(wallet.take(challenge, PATIENCE));
        int at = good.length() - 20;
        String forged = good.substring(0, at) + (good.charAt(at) == 'A' ? 'B' : 'A') + good.substring(at + 1);
        for (String bad : List.of(forged, "PrivateToken token=\"AAAA\"", "PrivateToken", "PrivateToken token=x y")) {
            try (MasqueClient client = client(version, request -> Optional.of(bad))) {
                assertThatExceptionOfType(AuthenticationException.class)
                        .isThrownBy(() -> client.openTcp(Target.parse(origins.tcpEcho())));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProxyThatAsksForTokensOfAnotherGetsNone(HttpVersion version) throws Exception {
        try (MasqueClient client = TunnelsForTokens.bringTokens(builder(), wallet)
                .proxy("https://127.0.0.1:" + proxy.port()) // which no token names
                .versions(version)
                .build()) {
            assertThatExceptionOfType(TunnelException.class)
                    .isThrownBy(() -> client.openTcp(Target.parse(origins.tcpEcho())))
                    .satisfies(failure -> assertThat(failure.step()).isEqualTo(TunnelStep.AUTHENTICATE))
                    .havingRootCause()
                    .withMessageContaining("meant for others");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofManyAtOnceOneConnectionGetsIn(HttpVersion version) throws Exception {
        Token token = wallet.take(challenge, PATIENCE);
        Credentials same = request -> Optional.of(PrivateTokenCredentials.format(token));
        AtomicInteger in = new AtomicInteger();
        var threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> {
                    try (MasqueClient client = client(version, same)) {
                        client.openTcp(Target.parse(origins.tcpEcho())).close();
                        in.incrementAndGet();
                    } catch (AuthenticationException refused) {
                        assertThat(refused.challenges()).isNotEmpty();
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(in).hasValue(1);
    }
}
