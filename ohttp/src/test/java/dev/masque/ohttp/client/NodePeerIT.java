package dev.masque.ohttp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.interop.NodePeer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our client and a gateway that others wrote, and the other way round. */
@Timeout(300)
class NodePeerIT {
    private static final String CONTENT = "content ".repeat(5000);

    @ParameterizedTest
    @CsvSource({"x25519, 128", "x25519, 256", "p256, 128", "p256, 256"})
    void ourClientIsUnderstoodByAnotherGateway(String kem, String aead) throws Exception {
        try (NodePeer peer = NodePeer.start("gateway", "--kem", kem, "--aead", aead)) {
            URI gateway = URI.create("http://127.0.0.1:" + peer.port());
            for (boolean chunked : new boolean[] {false, true}) {
                OhttpClient client = OhttpClient.builder()
                        .relay(gateway.resolve("/gateway"))
                        .keys(chunked ? gateway : gateway.resolve("/ohttp-keys"))
                        .chunked(chunked)
                        .build();
                HttpRequest post = HttpRequest.newBuilder(URI.create("https://t.example/a?b=c"))
                        .POST(BodyPublishers.ofString(CONTENT))
                        .header("X-From", "us")
                        .build();
                HttpRequest get =
                        HttpRequest.newBuilder(URI.create("https://t.example/")).build();

                HttpResponse<String> posted = client.send(post, BodyHandlers.ofString());
                HttpResponse<String> got = client.send(get, BodyHandlers.ofString());

                assertThat(posted.statusCode()).isEqualTo(201);
                assertThat(posted.headers().firstValue("x-asked")).hasValue("POST https://t.example/a?b=c");
                assertThat(posted.headers().firstValue("x-fields").orElse("")).contains("[\"x-from\",\"us\"]");
                assertThat(posted.body()).isEqualTo(CONTENT);
                assertThat(got.body()).isEqualTo("asked https://t.example/");
            }
            assertThat(peer.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"X25519, false", "X25519, true", "P256, false", "P256, true"})
    void anotherClientIsUnderstoodByOurGateway(KeyType type, boolean chunked) throws Exception {
        try (TestGateway gateway = new TestGateway(type)) {
            gateway.onPlain("/ohttp-keys", 200, gateway.keys(), "content-type", "application/ohttp-keys");
            gateway.application(request -> TestGateway.text(
                    203, StandardCharsets.UTF_8.decode(request.content()).toString(), "x-answer", "ours"));
            List<String> arguments = new ArrayList<>(List.of(
                    "get",
                    "--relay",
                    gateway.uri("/relay").toString(),
                    "--keys",
                    gateway.uri("/ohttp-keys").toString()));
            if (chunked) {
                arguments.add("--chunked");
            }
            arguments.addAll(List.of("PUT", "https://t.example/x", CONTENT));

            NodePeer.Result result = NodePeer.run("", arguments.toArray(String[]::new));

            assertThat(result.status()).as(result.errors()).isZero();
            assertThat(result.errors()).contains("status 203", "x-answer: ours");
            assertThat(result.output()).isEqualTo(CONTENT);
            BinaryRequest seen = gateway.inner.get(0);
            assertThat(seen.head().method()).isEqualTo("PUT");
            assertThat(seen.head().fields().first("x-from")).hasValue("peer");
        }
    }

    @Test
    void aKeyThatAnotherGatewayDoesNotKnowIsItsRefusal() throws Exception {
        try (NodePeer peer = NodePeer.start("gateway");
                TestGateway other = new TestGateway(KeyType.X25519)) {
            OhttpClient client = OhttpClient.builder()
                    .relay(URI.create("http://127.0.0.1:" + peer.port() + "/gateway"))
                    .keys(other.key.config())
                    .build();
            HttpRequest get =
                    HttpRequest.newBuilder(URI.create("https://t.example/")).build();

            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    OhttpRequestException.class, () -> client.send(get, BodyHandlers.discarding()))
                            .status())
                    .hasValue(422);
        }
    }
}
