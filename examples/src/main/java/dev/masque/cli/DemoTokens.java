package dev.masque.cli;

import dev.masque.client.Credentials;
import dev.masque.client.MasqueClient;
import dev.masque.core.HttpVersion;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.privacypass.attest.Attester;
import dev.masque.privacypass.attest.Bearer;
import dev.masque.privacypass.http.AttesterHandler;
import dev.masque.privacypass.http.DirectoryHandler;
import dev.masque.privacypass.http.DirectoryKeys;
import dev.masque.privacypass.http.IssuerClient;
import dev.masque.privacypass.http.IssuerTokenSource;
import dev.masque.privacypass.wallet.Wallet;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of the demonstration with Privacy Pass: an attester, an issuer, and a proxy, each on a server of its own. */
final class DemoTokens implements AutoCloseable {
    private static final String LABEL = "tokens";
    private static final String ACCOUNT = "alice";
    private static final String SECRET = "the-secret-of-alice";
    private static final String ATTESTER_SECRET = "the-secret-of-the-attester";
    private static final int BATCH = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TlsIdentity identity;
    private final Path authority;
    private final HttpClient http;
    private final Http3Option http3;
    private final DemoEvidence evidence = new DemoEvidence();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private DemoTokens(TlsIdentity identity, Path authority, Http3Option http3)
            throws IOException, GeneralSecurityException {
        this.identity = identity;
        this.authority = authority;
        this.http = JdkClient.trusting(authority);
        this.http3 = http3;
    }

    /** Runs the whole of it: the certificate of all servers, the file of its authority, and what tunnels lead to. */
    static List<DemoResult> run(
            TlsIdentity identity, Path authority, DemoOrigins origins, List<HttpVersion> versions, Http3Option http3)
            throws Exception {
        try (DemoTokens demo = new DemoTokens(identity, authority, http3)) {
            return demo.run(origins, versions);
        }
    }

    private List<DemoResult> run(DemoOrigins origins, List<HttpVersion> versions) throws Exception {
        IssuerKeys keys = keep(IssuerKeys.builder().types(TokenType.BLIND_RSA).open());
        URI issuer = issuer(keys);
        URI attester = attester(issuer);
        MasqueServer proxy = proxy(issuer);
        TokenChallenge challenge = TokenChallenge.of(TokenType.BLIND_RSA, Https.authority(issuer), "localhost");
        List<DemoResult> results = new ArrayList<>();
        results.add(DemoResult.timed(LABEL, "no account", () -> refused(issuer, attester, challenge)));
        Wallet wallet = keep(Wallet.builder(IssuerTokenSource.of(client(issuer, attester, SECRET), Duration.ofDays(1)))
                .refill(1, BATCH)
                .build());
        results.add(DemoResult.timed(LABEL, "sign in, get tokens", () -> fill(wallet, challenge)));
        for (HttpVersion version : versions) {
            try (MasqueClient client = client(proxy, version, Credentials.privacyPass(wallet))) {
                DemoResult page = new DemoSteps(version, authority).fetch(client, origins.httpsPort());
                results.add(page.as(LABEL, "a tunnel, " + version.alpn()));
            }
        }
        Token token = wallet.take(challenge, PATIENCE);
        HttpVersion version = versions.get(0);
        DemoSteps steps = new DemoSteps(version, authority);
        String good = PrivateTokenCredentials.format(token);
        try (MasqueClient first = client(proxy, version, request -> Optional.of(good));
                MasqueClient second = client(proxy, version, request -> Optional.of(good));
                MasqueClient third = client(proxy, version, request -> Optional.of(forged(good)))) {
            results.add(steps.fetch(first, origins.httpsPort()).as(LABEL, "another token"));
            results.add(steps.refused("", second, "127.0.0.1", origins.httpsPort(), 403)
                    .as(LABEL, "the same token again"));
            results.add(steps.refused("", third, "127.0.0.1", origins.httpsPort(), 403)
                    .as(LABEL, "a forged token"));
        }
        results.add(DemoResult.timed(
                LABEL,
                "what they saw",
                () -> evidence.compare(keys.current(TokenType.BLIND_RSA).orElseThrow(), ACCOUNT, SECRET)));
        return results;
    }

    private URI issuer(IssuerKeys keys) throws IOException {
        TokenIssuer issuer = TokenIssuer.of(keys);
        Attester knowsAttesters = Attester.builder()
                .method(evidence.fieldsOf(Bearer.of(Map.of(ATTESTER_SECRET, "attester"))))
                .issuer((kind, request) -> evidence.issued(request, issuer.answer(kind, request)))
                .build();
        return serve(
                site().handler(IssuerDirectory.PATH, DirectoryHandler.of(keys, URI.create(IssuerCommand.REQUEST_PATH)))
                        .handler(IssuerCommand.REQUEST_PATH, AttesterHandler.of(knowsAttesters)));
    }

    private URI attester(URI issuer) throws IOException {
        IssuerClient link = IssuerClient.builder(issuer)
                .httpClient(http)
                .authorization(() -> "Bearer " + ATTESTER_SECRET)
                .build();
        Attester attester = Attester.builder()
                .method(Bearer.of(Map.of(SECRET, ACCOUNT)))
                .issuer(link)
                .build();
        return serve(site().handler(IssuerCommand.REQUEST_PATH, AttesterHandler.of(attester)))
                .resolve(IssuerCommand.REQUEST_PATH);
    }

    private MasqueServer proxy(URI issuer) throws IOException {
        IssuerClient directory = IssuerClient.builder(issuer).httpClient(http).build();
        DirectoryKeys keys = keep(DirectoryKeys.follow(directory, Duration.ofDays(1), Duration.ofMinutes(1)));
        TokenVerifier verifier = TokenVerifier.builder()
                .origin("localhost")
                .issuer(Https.authority(issuer), keys, TokenType.BLIND_RSA)
                .spentTokens(SpentTokens.inMemory(1000))
                .build();
        return keep(server().authenticate(evidence.tokensOf(Authenticators.privacyPass(verifier)))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.1/32").build())
                .name("demo-proxy")
                .start());
    }

    private MasqueServerBuilder server() {
        return MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(identity)
                .transports(http3.transports());
    }

    private MasqueServerBuilder site() {
        return server().authenticate(new NoTunnels());
    }

    private URI serve(MasqueServerBuilder site) throws IOException {
        return URI.create("https://localhost:" + keep(site.start()).port());
    }

    private IssuerClient client(URI issuer, URI attester, String secret) {
        return IssuerClient.builder(issuer)
                .requestUri(attester)
                .httpClient(http)
                .authorization(() -> "Bearer " + secret)
                .build();
    }

    private MasqueClient client(MasqueServer proxy, HttpVersion version, Credentials credentials) throws IOException {
        return MasqueClient.builder()
                .proxy("https://localhost:" + proxy.port())
                .trust(PeerTrust.pem(authority))
                .transports(http3.transports())
                .versions(version)
                .credentials(credentials)
                .build();
    }

    private String refused(URI issuer, URI attester, TokenChallenge challenge)
            throws IOException, GeneralSecurityException {
        try {
            IssuerTokenSource.of(client(issuer, attester, "a-guess"), Duration.ZERO)
                    .fetch(challenge, 1);
            throw new IOException("the attester let it through");
        } catch (IssuanceException e) {
            if (e.status() != 401 || evidence.requests() != 0) {
                throw new IOException("status " + e.status() + ", requests at the issuer: " + evidence.requests(), e);
            }
            return "401 by the attester; the issuer heard nothing of it";
        }
    }

    private String fill(Wallet wallet, TokenChallenge challenge) throws IOException, InterruptedException {
        wallet.prepare(challenge);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (wallet.size(challenge) < BATCH && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        if (wallet.size(challenge) != BATCH || evidence.requests() != 1) {
            throw new IOException(wallet.size(challenge) + " tokens in " + evidence.requests() + " requests");
        }
        return BATCH + " tokens in 1 request, by the attester, from the issuer";
    }

    /** The same with another authenticator. */
    private static String forged(String good) {
        int at = good.length() - 20;
        return good.substring(0, at) + (good.charAt(at) == 'A' ? 'B' : 'A') + good.substring(at + 1);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }
}
