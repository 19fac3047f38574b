package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import dev.masque.ohttp.client.OhttpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nghttpx before our relay, which takes out what nghttpx tells of the client. */
class OhttpBehindNghttpxIT extends Interop {
    private OhttpServers servers;

    @SuppressWarnings("NullAway.Init") // start()
    OhttpBehindNghttpxIT() {}

    @BeforeAll
    void start() throws Exception {
        servers = new OhttpServers(authority);
    }

    @AfterAll
    void stop() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"h2, HTTP_2", "http/1.1, HTTP_2", "h2, HTTP_1_1"})
    void requestsPassAndWhatItAddsStaysWithTheRelay(String behind, HttpClient.Version version) throws Exception {
        int port = Relay.freePort();
        try (Peer nghttpx = Peer.start(
                List.of(
                        Peers.program("nghttpx", "nghttp2-proxy"),
                        "--conf=/dev/null",
                        "--no-ocsp",
                        "--workers=1",
                        "--add-x-forwarded-for",
                        "--add-forwarded=by,for,host,proto",
                        "--insecure",
                        "-f127.0.0.1," + port,
                        "-b127.0.0.1," + servers.relayPort() + ";;tls;sni=localhost;proto=" + behind,
                        authority.key(),
                        authority.certificate()),
                port)) {
            for (boolean chunked : new boolean[] {false, true}) {
                servers.atGateway.clear();
                OhttpClient client = OhttpClient.builder()
                        .httpClient(servers.http(version))
                        .relay(URI.create("https://localhost:" + port + "/relay"))
                        .keys(servers.keys())
                        .chunked(chunked)
                        .build();

                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(OhttpServers.APPLICATION)
                                .POST(BodyPublishers.ofString("x".repeat(200_000)))
                                .build(),
                        BodyHandlers.ofString());

                assertThat(response.statusCode()).isEqualTo(201);
                assertThat(response.body()).hasSize(200_000);
                assertThat(servers.atGateway).hasSize(1);
                assertThat(servers.atGateway).allSatisfy(OhttpBehindNghttpxIT::assertNobody);
            }
            assertThat(nghttpx.said()).doesNotContain("ERROR");
        }
    }

    private static void assertNobody(Headers fields) {
        assertThat(fields.keySet())
                .isSubsetOf(
                        "Content-type",
                        "Content-length",
                        "Transfer-encoding",
                        "User-agent",
                        "Via",
                        "Host",
                        "Incremental");
        assertThat(fields.getFirst("Via")).isEqualTo("2.0 ohttp-relay");
    }
}
