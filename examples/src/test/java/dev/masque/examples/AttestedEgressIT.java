package dev.masque.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.tls.Identities;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.examples.interop.Background;
import dev.masque.examples.interop.TestAuthority;
import dev.masque.geohash.GeoHint;
import dev.masque.server.MasqueServer;
import dev.masque.server.location.ClientLocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two proxies as the page about places shows them, and a client of JDK sockets that passes the attestation on. */
@Timeout(60)
class AttestedEgressIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String SECOND = "127.0.0.7";

    @TempDir
    private Path folder;

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getAllByName(SECOND)[0])) {
            return socket.getLocalPort();
        }
    }

    /** Sends a request for a tunnel, and gives the head of the answer. */
    private static String connect(Socket proxy, String target, String fields) throws IOException {
        String request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + fields + "\r\n";
        proxy.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = proxy.getInputStream().read();
            assertThat(next).as("the end of %s", head).isNotNegative();
            head.write(next);
        }
        assertThat(head.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200 ");
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static Optional<String> line(String head, String field) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(field + ":"))
                .findFirst();
    }

    @Test
    void theSecondHopBelievesWhatTheFirstAttests() throws Exception {
        TestAuthority authority = TestAuthority.create(folder);
        TlsIdentity identity = Identities.fromPem(Path.of(authority.certificate()), Path.of(authority.key()))
                .get();
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(
                null,
                new TrustManager[] {
                    PeerTrust.pem(Path.of(authority.authority())).manager()
                },
                null);
        HttpClient http = HttpClient.newBuilder().sslContext(tls).build();
        Path feed =
                Files.writeString(folder.resolve("egress.csv"), "127.16.1.0/24,JP,JP-13,Tokyo,,xn76c\n127.16.9.9/32\n");
        String second = SECOND + ":" + freePort();
        InetSocketAddress secondAddress = new InetSocketAddress(SECOND, Integer.parseInt(second.substring(10)));
        ClientLocator tokyo = client -> Optional.of(GeoHint.of("xn76cyd", "JP"));
        try (MasqueServer a = EgressNearTheClient.firstHop(new InetSocketAddress(LOOPBACK, 0), identity, tokyo);
                MasqueServer b = EgressNearTheClient.secondHop(
                        secondAddress, identity, feed, URI.create("https://localhost:" + a.port()), second, http);
                ServerSocket site = new ServerSocket(0, 8, LOOPBACK)) {
            assertThat(b.addresses()).containsExactly(secondAddress);
            String target = "127.0.0.1:" + site.getLocalPort();
            assertThat(through(tls, a, second, target, site, false)).isEqualTo("127.16.9.9");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            String source = through(tls, a, second, target, site, true);
            while (!source.startsWith("127.16.1.")) { // the keys are fetched when the server has started
                assertThat(System.nanoTime()).isLessThan(deadline);
                source = through(tls, a, second, target, site, true);
            }
        }
    }

    /** Where the target sees a tunnel come from that goes through both. */
    private static String through(
            SSLContext tls, MasqueServer a, String second, String target, ServerSocket site, boolean attested)
            throws IOException {
        CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> source(site), Background.THREADS);
        try (Socket toFirst = tls.getSocketFactory().createSocket(LOOPBACK, a.port())) {
            String attestation =
                    line(connect(toFirst, second, ""), "geohash-attestation").orElseThrow();
            try (Socket toSecond = tls.getSocketFactory().createSocket(toFirst, SECOND, 443, true)) {
                String hint = "sec-ch-geohash: xn76c-JP\r\n";
                String head = connect(toSecond, target, attested ? hint + attestation + "\r\n" : hint);
                assertThat(attested || head.contains("geohash hint is not attested"))
                        .as(head)
                        .isTrue();
                return seen.join();
            }
        }
    }

    private static String source(ServerSocket site) {
        try (Socket connection = site.accept()) {
            return connection.getInetAddress().getHostAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
