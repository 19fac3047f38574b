package dev.masque.examples.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.PendingToken;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenResponse;
import dev.masque.privacypass.TokenType;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An attester that knows clients by their certificates, and tokens that say when they expire and where they are from. */
class CertifiedClientsIT extends Interop {
    private static final String PLACE = "JP,JP-13";

    private TestAuthority clients;
    private TestAuthority strangers;
    private Peer issuer;
    private Peer attester;

    @SuppressWarnings("NullAway.Init") // start()
    CertifiedClientsIT() {}

    @BeforeAll
    void start() throws Exception {
        clients = TestAuthority.create(Files.createDirectory(folder.resolve("clients")));
        strangers = TestAuthority.create(Files.createDirectory(folder.resolve("strangers")));
        Files.writeString(folder.resolve("attester.secret"), "the-attester\n");
        Path keys = Files.createDirectory(folder.resolve("keys"));
        try (InputStream pem = Objects.requireNonNull(
                getClass().getResourceAsStream("/vectors/partially-blind-rsa/key.privacypass-ts.pem"))) {
            Instant now = Instant.now();
            Files.writeString( // a new one takes up to a minute
                    keys.resolve("published.pem"),
                    "Token-Type: 0xda7a\nNot-Before: " + now.minus(Duration.ofHours(1)) + "\nSigns-Until: "
                            + now.plus(Duration.ofDays(7)) + "\nExpires: " + now.plus(Duration.ofDays(14)) + "\n"
                            + new String(pem.readAllBytes(), UTF_8));
        }
        issuer = Peer.start(masque(
                "issuer --listen 127.0.0.1:0 --cert %s --key %s --types 0002,da7a --keys %s --bearer attester=%s --geolocation %s"
                        .formatted(authority.certificate(), authority.key(), keys, file("attester.secret"), PLACE)));
        attester = startAttester("--client localhost --quota 40/1d");
    }

    private Peer startAttester(String options) {
        return Peer.start(masque(
                "attester --listen 127.0.0.1:0 --cert %s --key %s --issuer %s --ca %s --issuer-secret %s --client-ca %s %s"
                        .formatted(
                                authority.certificate(),
                                authority.key(),
                                url(issuer),
                                authority.authority(),
                                file("attester.secret"),
                                clients.authority(),
                                options)));
    }

    @AfterAll
    void stop() {
        for (Peer peer : new Peer[] {attester, issuer}) {
            if (peer != null) {
                peer.close();
            }
        }
    }

    private static List<String> masque(String line) {
        return Peers.masque(line.split(" +"));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static String url(Peer peer) {
        return "https://localhost:" + peer.port();
    }

    private Peer.Result token(String line, String input) {
        return Peer.run(
                masque("token " + line + " --issuer " + url(issuer) + " --ca " + authority.authority()),
                input.getBytes(UTF_8));
    }

    private Peer.Result fetch(Peer from, @Nullable TestAuthority shown, String options) {
        String certificate =
                shown == null ? "" : " --client-cert " + shown.certificate() + " --client-key " + shown.key();
        return token("fetch --origin localhost --attester " + url(from) + certificate + " " + options, "");
    }

    private List<String> curl(@Nullable TestAuthority shown, String... more) {
        List<String> command = new ArrayList<>(List.of(Peers.curl(), "-sS", "--max-time", "60"));
        command.addAll(List.of("--cacert", authority.authority()));
        if (shown != null) {
            command.addAll(List.of("--cert", shown.certificate(), "--key", shown.key()));
        }
        command.addAll(List.of(more));
        return command;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void curlGetsATokenWithACertificateAndNoneWithout(String version) throws Exception {
        String directory = url(issuer) + IssuerDirectory.PATH;
        IssuerDirectory keys = IssuerDirectory.parse(
                Bytes.copyOf(Peer.run(curl(null, directory)).ok().bytes()));
        PendingToken pending = TokenClient.request(
                TokenChallenge.of(TokenType.BLIND_RSA, "issuer.example"),
                keys.current(TokenType.BLIND_RSA, Instant.now()).orElseThrow());
        Path request = Files.write(
                folder.resolve("request"), pending.request().encode().toArray());
        String[] post = {
            version,
            "-H",
            "Content-Type: application/private-token-request",
            "--data-binary",
            "@" + request,
            "-w",
            "%{stderr}%{http_code}",
            url(attester) + "/token-request"
        };

        Peer.Result known = Peer.run(curl(clients, post)).ok();
        assertThat(known.errors()).contains("200");
        assertThat(pending.finish(TokenResponse.decode(TokenType.BLIND_RSA, Bytes.copyOf(known.bytes()))))
                .isNotNull();
        assertThat(Peer.run(curl(null, post)).errors()).contains("401");
        assertThat(Peer.run(curl(strangers, post)).status()).isNotZero();
    }

    @Test
    void theCommandShowsItsCertificateAndTheQuotaCountsByIt() {
        assertThat(fetch(attester, clients, "--count 30").ok().output().lines()).hasSize(30);

        assertThat(fetch(attester, clients, "--count 30").errors()).contains("429");
        assertThat(fetch(attester, null, "").errors()).contains("401");
        assertThat(fetch(attester, strangers, "").status()).isEqualTo(1);
    }

    @Test
    void aClientWhoseNameIsNotListedIsNotKnown() {
        try (Peer ofOthers = startAttester("--client CN=alice --client alice.example")) {
            assertThat(fetch(ofOthers, clients, "").errors()).contains("401");
        }
        try (Peer ofAll = startAttester("")) {
            assertThat(fetch(ofAll, clients, "").ok().output()).startsWith("PrivateToken token=");
        }
    }

    @Test
    void aTokenSaysWhenItExpiresAndWhereItIsFrom() {
        try (Peer ofAll = startAttester("")) {
            String token = fetch(ofAll, clients, "--type da7a --expires-in 1d --geolocation " + PLACE)
                    .ok()
                    .output();

            assertThat(Peer.run(masque("token inspect"), token.getBytes(UTF_8))
                            .ok()
                            .output())
                    .contains("0xda7a, partially blind RSA", "place " + PLACE)
                    .containsPattern("0x0001, expires 20[0-9-]+T[0-9]{2}:00:00Z");
            assertThat(token("verify --origin localhost --type da7a", token)
                            .ok()
                            .output())
                    .startsWith("good: type 0xda7a");
            assertThat(fetch(ofAll, clients, "--type da7a --geolocation DE").errors())
                    .contains("422");
            assertThat(fetch(ofAll, clients, "--type da7a --expires-in 30d").errors())
                    .contains("422");
            assertThat(fetch(ofAll, clients, "--geolocation " + PLACE).errors()).contains("take da7a");
        }
    }
}
