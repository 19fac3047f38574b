package dev.masque.privacypass.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PendingToken;
import dev.masque.privacypass.TestKeys;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.attest.Attester;
import dev.masque.privacypass.attest.Evidence;
import dev.masque.privacypass.attest.MutualTls;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client whose certificate says who it is. */
class MutualTlsIT {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final TokenType TYPE = TokenType.VOPRF_RISTRETTO255;

    @TempDir
    Path folder;

    @Test
    void theCertificateIsTheClient() throws Exception {
        IssuerKeys keys = TestKeys.keys(TYPE);
        Collection<String> seen = new ConcurrentLinkedQueue<>();
        Attester attester = Attester.builder()
                .method(MutualTls.of(certificate -> {
                    String name = certificate.getSubjectX500Principal().getName();
                    seen.add(name);
                    return name.equals("CN=127.0.0.1") ? Optional.of(name) : Optional.empty();
                }))
                .issuer(TokenIssuer.of(keys))
                .build();
        KeyStore store = keyStore();
        HttpsServer server = server(context(store, true), attester);
        try {
            URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/attest");
            PendingToken pending = TokenClient.request(
                    TokenChallenge.of(TYPE, "issuer.example"),
                    keys.current(TYPE).orElseThrow());

            assertThat(pending.finish(client(uri, context(store, true)).send(pending.request())))
                    .isNotNull();
            assertThatExceptionOfType(IssuanceException.class)
                    .isThrownBy(() -> client(uri, context(store, false)).send(pending.request()))
                    .satisfies(e -> assertThat(e.status()).isEqualTo(401));
            assertThat(seen).containsExactly("CN=127.0.0.1");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aClientIsKnownByAnyNameInItsCertificateThatIsListed() throws Exception {
        KeyStore store = keyStore();
        Evidence shown = new Evidence(Map.of(), List.of((X509Certificate) store.getCertificate("one")));

        for (String name : List.of(
                "CN=127.0.0.1", "alice.example", "alice@example.com", "spiffe://example/alice", "cn=127.0.0.1")) {
            assertThat(MutualTls.byName(List.of("CN=bob", name)).attest(shown)).contains(name);
        }
        for (String other : List.of("CN=127.0.0", "bob.example", "127.0.0.1", "alice")) {
            assertThat(MutualTls.byName(List.of(other)).attest(shown)).isEmpty();
        }
        assertThat(MutualTls.bySubject().attest(shown)).contains("CN=127.0.0.1");
        assertThat(MutualTls.byName(List.of("alice.example")).attest(new Evidence(Map.of(), List.of())))
                .isEmpty();
    }

    private static IssuerClient client(URI uri, SSLContext context) {
        return IssuerClient.builder(uri)
                .requestUri(uri)
                .httpClient(HttpClient.newBuilder().sslContext(context).build())
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    private static HttpsServer server(SSLContext context, Attester attester) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/attest", AttesterHandler.of(attester));
        server.start();
        return server;
    }

    /** One key for both ends, which trust it. */
    private KeyStore keyStore() throws Exception {
        File file = folder.resolve("keys.p12").toFile();
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "one",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1,dns:alice.example,email:alice@example.com,uri:spiffe://example/alice",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return KeyStore.getInstance(file, PASSWORD);
    }

    private static SSLContext context(KeyStore store, boolean shows) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("one", store.getCertificate("one"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shows ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
        return context;
    }
}
