package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.client.Forwarding;
import dev.masque.core.HttpVersion;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An HTTPS site through tunnels over each version of HTTP: curl at a forwarded port, and TLS of the JDK on a tunnel's socket. */
class HttpsSiteIT extends Interop {
    private OurProxy proxy;

    @SuppressWarnings("NullAway.Init") // start()
    HttpsSiteIT() {}

    @BeforeAll
    void start() throws Exception {
        proxy = OurProxy.start(authority);
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    private OurClient client(HttpVersion version) {
        return OurClient.of(proxy.address(), authority, version, OurProxy.KEY);
    }

    private String site() {
        return URI.create(origins.site("/")).getAuthority();
    }

    private Peer.Result curl(Forwarding forwarding, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Peers.curl(), "-sS", "--max-time", "60"));
        command.addAll(List.of("--cacert", authority.authority()));
        command.addAll(List.of(
                "--connect-to", "::127.0.0.1:" + forwarding.localAddress().getPort()));
        command.addAll(List.of(arguments));
        return Peer.run(command).ok();
    }

    @ParameterizedTest
    @EnumSource(HttpVersion.class)
    void curlAtAForwardedPort(HttpVersion version) throws Exception {
        Path file = folder.resolve("upload-" + version);
        Files.write(file, new byte[20_000_000]);
        try (OurClient client = client(version);
                Forwarding forwarding = client.forwardTcp(site())) {
            assertThat(curl(forwarding, origins.site("/")).output()).isEqualTo(Origins.PAGE);
            assertThat(curl(forwarding, origins.site("/20000000")).bytes()).hasSize(20_000_000);
            assertThat(curl(forwarding, "--data-binary", "@" + file, origins.site("/"))
                            .output())
                    .isEqualTo("20000000");
            String[] many = {"-Z", "-o", "/dev/null", "-w", "%{http_code}\n", origins.site("/[1001-1040]")};
            assertThat(curl(forwarding, many).output().lines()).hasSize(40).containsOnly("200");
        }
    }

    private SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(authority.authority()))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @ParameterizedTest
    @EnumSource(HttpVersion.class)
    void tlsOfTheJdkOnATunnelsSocket(HttpVersion version) throws Exception {
        URI page = URI.create(origins.site("/"));
        try (OurClient client = client(version);
                SSLSocket socket = (SSLSocket) trusting()
                        .getSocketFactory()
                        .createSocket(client.tcp(site()), page.getHost(), page.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(30_000);

            String request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();

            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith(Origins.PAGE);
        }
    }
}
