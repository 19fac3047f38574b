package dev.masque.privacypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.masque.privacypass.http.DirectoryHandler;
import dev.masque.privacypass.http.IssuerClient;
import dev.masque.privacypass.http.IssuerHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both directions against privacypass-ts, and a signature that OpenSSL verifies. */
class PrivacyPassTsIT {
    private static final TokenType[] TYPES = {TokenType.VOPRF_P384, TokenType.BLIND_RSA, TokenType.PARTIALLY_BLIND_RSA};
    private static final Extensions EXTENSIONS = Extensions.of(
            Extension.expiration(Instant.parse("2099-01-01T00:00:00Z"), Duration.ofHours(1)),
            Extension.geolocation("JP,JP-13,TOKYO"));

    private final IssuerKeys keys = TestKeys.keys(TYPES);
    private final TokenVerifier verifier = TokenVerifier.builder()
            .origin("proxy.example")
            .issuer("issuer.example", keys, TYPES)
            .spentTokens(SpentTokens.inMemory(1000))
            .extensions(extensions -> extensions.list().isEmpty() || extensions.equals(EXTENSIONS))
            .build();

    private void redeemsOnce(Token token) throws PrivacyPassException {
        verifier.redeem(token);
        assertThatExceptionOfType(SpentTokenException.class).isThrownBy(() -> verifier.redeem(token));
    }

    @Test
    void theirClientGetsTokensOfOurIssuerThatWeTake() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TokenIssuer issuer = TokenIssuer.of(keys).withExtensions((key, extensions) -> extensions.equals(EXTENSIONS));
        server.createContext(IssuerDirectory.PATH, DirectoryHandler.of(keys, URI.create("/request")));
        server.createContext("/request", IssuerHandler.of(issuer));
        server.start();
        try (PeerProgram peer = PeerProgram.privacyPassTs(
                "fetch",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                PrivateTokenChallenge.format(verifier.challenges()),
                EXTENSIONS.encode().toString())) {
            List<String> fields = peer.lines();

            assertThat(fields).hasSize(3 + 2 * 3); // one of each, and three in a batch where they can
            for (String field : fields) {
                redeemsOnce(PrivateTokenCredentials.parse(field).orElseThrow());
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void ourClientGetsTokensOfTheirIssuerThatBothTake() throws Exception {
        try (PeerProgram peer = PeerProgram.privacyPassTs("serve", keysAsJson())) {
            URI base = URI.create("http://127.0.0.1:" + peer.port());
            IssuerClient client =
                    IssuerClient.builder(base).timeout(Duration.ofSeconds(30)).build();
            List<PendingToken> batch = new ArrayList<>();
            List<Token> tokens = new ArrayList<>();
            for (PrivateTokenChallenge asked : verifier.challenges()) {
                TokenType type = asked.type();
                TokenKey key = client.directory().current(type, Instant.now()).orElseThrow();
                PendingToken pending =
                        TokenClient.request(asked.challenge(), key, type.extended() ? EXTENSIONS : Extensions.NONE);
                tokens.add(pending.finish(client.send(pending.request())));
                for (int i = 0; i < 3 && !type.extended(); i++) {
                    batch.add(TokenClient.request(asked.challenge(), key));
                }
            }
            PendingGenericBatch pending = TokenClient.generic(batch);
            pending.finish(client.send(pending.request())).stream()
                    .map(Optional::orElseThrow)
                    .forEach(tokens::add);

            assertThat(tokens).hasSize(3 + 2 * 3);
            for (Token token : tokens) {
                redeemsOnce(token);
                assertThat(theyTake(base, token)).isTrue();
            }
            Token good = tokens.get(1);
            assertThat(theyTake(
                            base,
                            new Token(
                                    good.type(),
                                    good.challengeDigest(),
                                    good.challengeDigest(),
                                    good.keyId(),
                                    good.authenticator(),
                                    Extensions.NONE)))
                    .isFalse();
        }
    }

    private static boolean theyTake(URI base, Token token) throws Exception {
        return HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(base.resolve("/redeem"))
                                        .header("Authorization", PrivateTokenCredentials.format(token))
                                        .timeout(Duration.ofSeconds(30))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 204;
    }

    private String keysAsJson() {
        StringJoiner json = new StringJoiner(", ", "{", "}");
        for (IssuerKey key : keys.list()) {
            json.add("\"%d\": {\"secret\": \"%s\", \"open\": \"%s\"}"
                    .formatted(
                            key.tokenKey().type().value(),
                            Bytes.copyOf(key.half().encoded()),
                            key.tokenKey().encoded()));
        }
        return json.toString();
    }

    @Test
    void openSslVerifiesTheSignatureOfATypeTwoToken(@TempDir Path folder) throws Exception {
        String openssl = PeerProgram.program("openssl");
        TokenKey key = keys.current(TokenType.BLIND_RSA).orElseThrow();
        PendingToken pending = TokenClient.request(TokenChallenge.of(TokenType.BLIND_RSA, "issuer.example"), key);
        Token token = pending.finish(TokenIssuer.of(keys).issue(pending.request()));
        Path pem = folder.resolve("key.pem");
        Path signature = folder.resolve("signature");
        Path input = folder.resolve("input");
        Files.writeString(
                pem,
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(key.encoded().toArray())
                        + "\n-----END PUBLIC KEY-----\n");
        Files.write(signature, token.authenticator().toArray());
        Files.write(input, token.authenticatorInput().toArray());

        assertThat(PeerProgram.run(
                        openssl,
                        "dgst",
                        "-sha384",
                        "-verify",
                        pem.toString(),
                        "-sigopt",
                        "rsa_padding_mode:pss",
                        "-sigopt",
                        "rsa_pss_saltlen:48",
                        "-sigopt",
                        "rsa_mgf1_md:sha384",
                        "-signature",
                        signature.toString(),
                        input.toString()))
                .contains("Verified OK");
    }
}
