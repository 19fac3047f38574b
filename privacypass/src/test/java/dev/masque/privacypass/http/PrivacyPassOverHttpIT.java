package dev.masque.privacypass.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PendingToken;
import dev.masque.privacypass.RequestKind;
import dev.masque.privacypass.SpentTokenException;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.TestKeys;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.privacypass.VerificationKey;
import dev.masque.privacypass.attest.Attester;
import dev.masque.privacypass.attest.Bearer;
import dev.masque.privacypass.wallet.Wallet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Issuer, attester, client and origin over the JDK's own server and client, on loopback. */
class PrivacyPassOverHttpIT {
    private static final IssuerKeys KEYS = TestKeys.all();
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ConcurrentLinkedQueue<Map<String, List<String>>> seenByIssuer = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;
    private URI base;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        TokenIssuer issuer = TokenIssuer.of(KEYS);
        server.createContext(IssuerDirectory.PATH, DirectoryHandler.of(KEYS, URI.create("/request")));
        IssuerHandler handler = IssuerHandler.of(issuer);
        server.createContext("/request", exchange -> {
            seenByIssuer.add(Map.copyOf(exchange.getRequestHeaders()));
            handler.handle(exchange);
        });
        Attester attester = Attester.builder()
                .method(Bearer.of(Map.of("secret", "alice")))
                .issuer(IssuerClient.builder(base).build())
                .build();
        server.createContext("/attest", AttesterHandler.of(attester));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private IssuerClient.Builder direct() {
        return IssuerClient.builder(base).timeout(LONG);
    }

    private IssuerClient.Builder throughAttester() {
        return direct().requestUri(base.resolve("/attest"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0001, 0x0002, 0x0005, 0xda7a})
    void aWalletIsFilledThroughTheAttesterAndSpent(int value) throws Exception {
        TokenType type = new TokenType(value);
        IssuerClient client =
                throughAttester().authorization(() -> "Bearer secret").build();
        TokenVerifier verifier = TokenVerifier.builder()
                .origin("proxy.example")
                .issuer("issuer.example", KEYS, type)
                .spentTokens(SpentTokens.inMemory(100))
                .build();
        TokenChallenge challenge = verifier.challenges().get(0).challenge();

        try (Wallet wallet = Wallet.builder(IssuerTokenSource.of(client, Duration.ofDays(1)))
                .refill(1, 3)
                .build()) {
            for (int i = 0; i < 4; i++) {
                Token token = wallet.take(challenge, LONG);
                verifier.redeem(token);
                assertThatExceptionOfType(SpentTokenException.class).isThrownBy(() -> verifier.redeem(token));
            }
        }
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        seenByIssuer.forEach(fields -> names.addAll(fields.keySet()));
        names.removeAll(List.of("Host", "Connection", "Upgrade", "Http2-settings", "Content-length", "User-agent"));
        assertThat(names).as("what the issuer sees").containsExactly("Accept", "Content-type");
    }

    @Test
    void singleTokensComeFromTheIssuerItself() throws Exception {
        IssuerClient client = direct().build();
        TokenType type = TokenType.BLIND_RSA;
        PendingToken pending = TokenClient.request(
                TokenChallenge.of(type, "issuer.example"),
                client.directory().current(type, Instant.now()).orElseThrow());

        assertThat(pending.finish(client.send(pending.request())).type()).isEqualTo(type);
    }

    @Test
    void whoIsNotKnownIsToldWhatToShow() throws Exception {
        IssuerClient client = throughAttester().build();
        Bytes request = Bytes.copyOf(new byte[3]);
        HttpResponse<String> raw = post("/attest", RequestKind.SINGLE.requestType(), new byte[3]);

        assertThatExceptionOfType(IssuanceException.class)
                .isThrownBy(() -> client.send(RequestKind.SINGLE, request))
                .satisfies(e -> assertThat(e.status()).isEqualTo(401));
        assertThat(raw.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(seenByIssuer).isEmpty();
    }

    private HttpResponse<String> post(String path, String type, byte[] content) throws Exception {
        return http.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", type)
                        .timeout(LONG)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(content))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @EnumSource(RequestKind.class)
    void badRequestsAreToldApart(RequestKind kind) throws Exception {
        assertThat(post("/request", kind.requestType() + "; x=y", new byte[] {0, 2, 1})
                        .statusCode())
                .isEqualTo(422);
        assertThat(post("/request", kind.responseType(), new byte[3]).statusCode())
                .isEqualTo(415);
        assertThat(post("/request", kind.requestType(), new byte[1 << 20]).statusCode())
                .isEqualTo(413);
        HttpResponse<String> get = http.send(
                HttpRequest.newBuilder(base.resolve("/request")).timeout(LONG).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void theDirectoryCanBeCached() throws Exception {
        HttpRequest.Builder get =
                HttpRequest.newBuilder(base.resolve(IssuerDirectory.PATH)).timeout(LONG);
        HttpResponse<byte[]> first = http.send(get.build(), HttpResponse.BodyHandlers.ofByteArray());
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> second =
                http.send(get.header("If-None-Match", tag).build(), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("Content-Type")).contains(IssuerDirectory.MEDIA_TYPE);
        assertThat(first.headers().firstValue("Cache-Control")).contains("public, max-age=86400");
        assertThat(IssuerDirectory.parse(Bytes.copyOf(first.body())).keys()).hasSize(4);
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
    }

    @Test
    void anOriginElsewhereFollowsTheDirectory() throws Exception {
        IssuerClient client = direct().build();
        try (DirectoryKeys keys = DirectoryKeys.follow(client, Duration.ofDays(7), Duration.ofHours(1))) {
            TokenVerifier verifier = TokenVerifier.builder()
                    .origin("proxy.example")
                    .issuer("issuer.example", keys, TokenType.BLIND_RSA, TokenType.PARTIALLY_BLIND_RSA)
                    .spentTokens(SpentTokens.inMemory(100))
                    .build();
            assertThat(verifier.challenges()).hasSize(2);
            VerificationKey followed = keys.find(
                            TokenType.BLIND_RSA,
                            KEYS.current(TokenType.BLIND_RSA).orElseThrow().id())
                    .orElseThrow();
            assertThat(Duration.between(followed.expires(), followed.rememberUntil()))
                    .isEqualTo(Duration.ofDays(30)); // the directory may yet put off when it expires
            for (var asked : verifier.challenges()) {
                PendingToken pending = TokenClient.request(
                        asked.challenge(), KEYS.current(asked.type()).orElseThrow());
                verifier.redeem(pending.finish(client.send(pending.request())));
            }
            assertThat(keys.find(
                            TokenType.VOPRF_P384,
                            KEYS.current(TokenType.VOPRF_P384).orElseThrow().id()))
                    .isEmpty();
        }
    }

    @Test
    void issuersThatMisbehaveFailTheCallInTime() {
        IssuerClient client = direct().timeout(Duration.ofSeconds(2))
                .requestUri(base.resolve("/bad"))
                .build();
        byte[] much = new byte[1 << 21];
        String[] behaviours = {"much", "type", "silence", "drip", "redirect", "garbage"};
        server.createContext("/bad", exchange -> {
            String behaviour =
                    exchange.getRequestHeaders().getFirst("Content-Type").contains("generic")
                            ? behaviours[exchange.getRequestBody().read()]
                            : "";
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            behaviour.equals("type") ? "text/html" : RequestKind.GENERIC_BATCH.responseType());
            switch (behaviour) {
                case "much" -> {
                    exchange.sendResponseHeaders(200, much.length);
                    exchange.getResponseBody().write(much);
                }
                case "drip" -> {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange.getResponseBody().write(1);
                    exchange.getResponseBody().flush();
                    return; // and no more
                }
                case "silence" -> {
                    return;
                }
                case "redirect" -> {
                    exchange.getResponseHeaders().set("Location", "/request");
                    exchange.sendResponseHeaders(307, -1);
                }
                default -> {
                    exchange.sendResponseHeaders(200, 3);
                    exchange.getResponseBody().write(new byte[3]);
                }
            }
            exchange.close();
        });

        for (int i = 0; i < behaviours.length - 1; i++) {
            Bytes request = Bytes.copyOf(new byte[] {(byte) i});
            assertThatExceptionOfType(behaviours[i].equals("redirect") ? IssuanceException.class : IOException.class)
                    .as(behaviours[i])
                    .isThrownBy(() -> client.send(RequestKind.GENERIC_BATCH, request));
        }
    }

    @Test
    void anAttesterSaysWhenItsIssuerIsAway() throws Exception {
        Attester attester = Attester.builder()
                .method(Bearer.of(Map.of("secret", "alice")))
                .issuer(direct().requestUri(base.resolve("/nowhere")).build())
                .build();
        server.createContext("/attest2", AttesterHandler.of(attester));
        IssuerClient client = direct().requestUri(base.resolve("/attest2"))
                .authorization(() -> "Bearer secret")
                .build();
        PendingToken pending = TokenClient.request(
                TokenChallenge.of(TokenType.BLIND_RSA, "issuer.example"),
                KEYS.current(TokenType.BLIND_RSA).orElseThrow());

        assertThatExceptionOfType(IssuanceException.class)
                .isThrownBy(() -> client.send(pending.request()))
                .satisfies(e -> assertThat(e.status()).isEqualTo(502));
    }
}
