package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of Privacy Pass as an operator runs them, each in a process of its own, and curl with their tokens. */
class PrivacyPassCommandsIT extends Interop {
    private static final String DIRECTORY = "/.well-known/private-token-issuer-directory";

    private String curl;
    private Peer issuer;
    private Peer attester;
    private Peer proxy;

    @SuppressWarnings("NullAway.Init") // start()
    PrivacyPassCommandsIT() {}

    @BeforeAll
    void start() throws Exception {
        curl = Peers.curl();
        Files.writeString(folder.resolve("attester.secret"), "the-attester\n");
        Files.writeString(folder.resolve("bob.secret"), "the-secret-of-bob\n");
        Files.writeString(folder.resolve("alice.account"), "alice:correct-horse\n");
        Files.writeString(folder.resolve("wrong.account"), "alice:wrong-horse\n");
        Files.writeString(folder.resolve("psk"), "a-key\n");
        Files.writeString(
                folder.resolve("accounts"),
                "alice:" + OpenBSDBCrypt.generate("2y", "correct-horse".toCharArray(), new byte[16], 4) + "\n");
        issuer = startIssuer();
        attester = Peer.start(masque(
                "attester --listen 127.0.0.1:0 --cert %s --key %s --issuer %s --ca %s --issuer-secret %s --accounts %s --bearer bob=%s --quota 40/1d"
                        .formatted(
                                authority.certificate(),
                                authority.key(),
                                url(issuer),
                                authority.authority(),
                                file("attester.secret"),
                                file("accounts"),
                                file("bob.secret"))));
        proxy = Peer.start(masque(
                "proxy --listen 127.0.0.1:0 --cert %s --key %s --issuer %s --issuer-ca %s --psk test=%s --allow 127.0.0.1"
                        .formatted(
                                authority.certificate(),
                                authority.key(),
                                url(issuer),
                                authority.authority(),
                                file("psk"))));
    }

    private Peer startIssuer() {
        return Peer.start(masque(
                "issuer --listen 127.0.0.1:0 --cert %s --key %s --types 0001,0002 --keys %s --bearer attester=%s --rsa-provider SunJCE"
                        .formatted(authority.certificate(), authority.key(), file("keys"), file("attester.secret"))));
    }

    @AfterAll
    void stop() {
        for (Peer peer : new Peer[] {proxy, attester, issuer}) {
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

    /** A command of tokens that speaks to the issuer. */
    private Peer.Result token(String line, String input) {
        return Peer.run(
                masque("token " + line + " --issuer " + url(issuer) + " --ca " + authority.authority()),
                input.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** What the proxy asks for, got through the attester. */
    private Peer.Result fetch(String options) {
        return token(
                "fetch --proxy " + url(proxy) + " --proxy-ca " + authority.authority() + " --attester " + url(attester)
                        + " " + options,
                "");
    }

    private String aToken() {
        return fetch("--account " + file("alice.account")).ok().output().strip();
    }

    private Peer.Result throughProxy(String version, String authorization) {
        return Peer.run(List.of(
                curl,
                "-s",
                "-D",
                file("head"),
                "-p",
                version,
                "-x",
                url(proxy),
                "--proxy-cacert",
                authority.authority(),
                "--cacert",
                authority.authority(),
                "--proxy-header",
                "Proxy-Authorization: " + authorization,
                origins.site("/")));
    }

    @Test
    void theIssuerServesItsDirectoryAndKeepsItsKeysToItself() throws Exception {
        Peer.Result result = Peer.run(List.of(curl, "-si", "--cacert", authority.authority(), url(issuer) + DIRECTORY));

        assertThat(result.ok().output())
                .containsIgnoringCase("content-type: application/private-token-issuer-directory")
                .containsIgnoringCase("cache-control: public, max-age=86400")
                .contains("\"issuer-request-uri\":\"/token-request\"", "\"token-type\":1", "\"token-type\":2");
        try (var files = Files.list(folder.resolve("keys"))) {
            assertThat(files.toList()).hasSize(2).allSatisfy(key -> {
                assertThat(Files.readString(key)).contains("BEGIN PRIVATE KEY");
                assertThat(Files.getPosixFilePermissions(key))
                        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--proxy-http2"})
    void curlGetsThroughTheProxyWithATokenAndOnlyOnceWithTheSame(String version) throws Exception {
        String token = aToken();

        assertThat(throughProxy(version, token).ok().output()).isEqualTo(Origins.PAGE);
        Peer.Result again = throughProxy(version, token);
        assertThat(again.status()).isNotZero();
        if (!version.equals("--proxy-http2")) { // where curl does not show the head
            assertThat(Files.readString(folder.resolve("head")))
                    .contains("403")
                    .containsIgnoringCase("proxy-authenticate: PrivateToken challenge=");
        }
        assertThat(throughProxy(version, "Preshared a-key").ok().output()).isEqualTo(Origins.PAGE);
        assertThat(throughProxy(version, "Preshared another").status()).isNotZero();
    }

    @Test
    void whatIsInTokensAndChallengesIsShown() throws Exception {
        String token = aToken();
        assertThat(Peer.run(masque("token inspect"), token.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .ok()
                        .output())
                .startsWith("token")
                .contains("0x0002, blind RSA", "256 bytes");
        assertThat(throughProxy("--http1.1", "Preshared another").status()).isNotZero();
        String refusal = Files.readAllLines(folder.resolve("head")).stream()
                .filter(line -> line.contains("proxy-authenticate: PrivateToken"))
                .findFirst()
                .orElseThrow();
        assertThat(Peer.run(masque("token inspect -"), refusal.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .ok()
                        .output())
                .startsWith("challenge")
                .containsPattern("issuer +localhost:" + issuer.port())
                .containsPattern("origins +localhost\n")
                .contains("token-key");
        Peer.Result nonsense = Peer.run(masque("token inspect nonsense"));
        assertThat(nonsense.status()).isEqualTo(1);
        assertThat(nonsense.errors().strip())
                .startsWith("masque token inspect: neither")
                .doesNotContain("\n");
    }

    @Test
    void aTokenIsVerifiedAgainstItsIssuer() {
        String token = aToken();

        assertThat(token("verify --origin localhost", token).ok().output()).startsWith("good: type 0x0002");
        assertThat(token("verify", token).ok().output()).contains("good", "not asked");
        Peer.Result elsewhere = token("verify --origin proxy.example", token);
        assertThat(elsewhere.status()).isEqualTo(1);
        assertThat(elsewhere.errors()).contains("not good: it answers another challenge");
        String forged = token.replaceFirst("\"A...", "\"AALL");
        assertThat(token("verify", forged).status()).isEqualTo(1);
        String forgedSignature =
                token.substring(0, token.length() - 12) + "AAAAAAAA" + token.substring(token.length() - 4);
        assertThat(token("verify", forgedSignature).errors()).contains("not good: the authenticator is wrong");
    }

    @Test
    void tokensForThePrivateKeyAreVerifiedWithItAfterTheIssuerWasStoppedToo() {
        String token = token(
                        "fetch --origin site.example --type 0001 --attester " + url(attester) + " --bearer "
                                + file("bob.secret"),
                        "")
                .ok()
                .output();
        List<String> verify = masque("token verify --origin site.example --type 0001 --issuer-name localhost:"
                + issuer.port() + " --keys " + file("keys"));
        assertThat(Peer.run(verify, token.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .ok()
                        .output())
                .startsWith("good: type 0x0001");
        try (Peer other = startIssuer()) { // another process with the same keys
            Peer.Result keys = Peer.run(List.of(curl, "-s", "--cacert", authority.authority(), url(other) + DIRECTORY));
            Peer.Result same =
                    Peer.run(List.of(curl, "-s", "--cacert", authority.authority(), url(issuer) + DIRECTORY));
            assertThat(keys.ok().output()).isEqualTo(same.ok().output());
        }
    }

    @Test
    void aBatchIsWrittenForItsOwnerAndTheQuotaEndsIt() throws Exception {
        Path out = folder.resolve("tokens");
        fetch("--bearer " + file("bob.secret") + " --count 30 --out " + out).ok();

        assertThat(Files.readAllLines(out)).hasSize(30).doesNotHaveDuplicates();
        assertThat(Files.getPosixFilePermissions(out)).hasSize(2);
        Peer.Result tooMany = fetch("--bearer " + file("bob.secret") + " --count 30");
        assertThat(tooMany.status()).isEqualTo(1);
        assertThat(tooMany.errors()).contains("429");
    }

    @Test
    void whoIsNotKnownGetsNothing() {
        assertThat(fetch("--account " + file("wrong.account")).errors()).contains("401");
        assertThat(fetch("").errors()).contains("401");
        Peer.Result pastTheAttester = token("fetch --origin localhost", "");
        assertThat(pastTheAttester.status()).isEqualTo(1);
        assertThat(pastTheAttester.errors()).contains("401");
    }

    @Test
    void aProxyThatCannotReachItsIssuerSaysSoAndEnds() throws Exception {
        Peer.Result result = Peer.run(
                masque("proxy --listen 127.0.0.1:0 --cert %s --key %s --issuer https://localhost:%d --issuer-ca %s"
                        .formatted(authority.certificate(), authority.key(), Relay.freePort(), authority.authority())));

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.errors().strip())
                .contains("the directory of https://localhost:")
                .doesNotContain("\n");
    }
}
