package dev.masque.ohttp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import dev.masque.ohttp.client.OhttpRequestException.Party;
import dev.masque.ohttp.exchange.Site;
import dev.masque.ohttp.gateway.KeyRing;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.interop.NodePeer;
import dev.masque.ohttp.relay.OhttpRelay;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Client, relay, gateway and target, each on a server of its own. */
@Timeout(120)
class WholePathIT {
    private static final String CONTENT = "content ".repeat(20_000);

    private final List<Headers> seen = new CopyOnWriteArrayList<>();
    private Site target;
    private Site gatewaySite;
    private Site relaySite;
    private OhttpGateway gateway;
    private OhttpRelay relay;

    @BeforeEach
    void start() throws Exception {
        target = new Site();
        gatewaySite = new Site();
        relaySite = new Site();
        target.at("/echo", exchange -> {
            seen.add(exchange.getRequestHeaders());
            byte[] content = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("X-Asked", exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(202, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        target.at("/long", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(new byte[32 << 10]);
            }
            exchange.close();
        });
        gateway = OhttpGateway.builder()
                .keys(KeyRing.builder().build())
                .allow(target.uri(""))
                .build();
        gatewaySite.at("/gateway", gateway.requestHandler()).at("/ohttp-keys", gateway.keysHandler());
        relay = OhttpRelay.builder()
                .gateway(gatewaySite.uri("/gateway"))
                .gateway("nobody", URI.create("http://127.0.0.1:1/"))
                .build();
        relaySite.at("/relay", relay);
    }

    @AfterEach
    void stop() {
        relaySite.close();
        gatewaySite.close();
        target.close();
        relay.close();
        gateway.close();
    }

    private OhttpClient.Builder client() {
        return OhttpClient.builder().relay(relaySite.uri("/relay")).keys(gatewaySite.uri("/ohttp-keys"));
    }

    private HttpRequest post() {
        return post(CONTENT);
    }

    private HttpRequest post(String content) {
        return HttpRequest.newBuilder(target.uri("/echo?q=%20"))
                .POST(BodyPublishers.ofString(content))
                .header("X-One", "1")
                .header("Cookie", "me")
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestReachesTheTargetAndTheTargetKnowsNobody(boolean chunked) throws Exception {
        HttpResponse<String> response = client().chunked(chunked).build().send(post(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("x-asked")).hasValue("POST /echo?q=%20");
        assertThat(response.body()).isEqualTo(CONTENT);
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).getFirst("X-One")).isEqualTo("1");
        assertThat(seen.get(0)).doesNotContainKeys("Cookie", "Forwarded", "Via", "X-forwarded-for");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyAtOnce(boolean chunked) throws Exception {
        OhttpClient client = client().chunked(chunked).build();

        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 64)
                .mapToObj(i -> client.sendAsync(post(), BodyHandlers.ofString()))
                .toList();

        for (CompletableFuture<HttpResponse<String>> one : all) {
            assertThat(one.get(60, TimeUnit.SECONDS).body()).isEqualTo(CONTENT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientWhoseClockIsWrongIsCorrected(boolean chunked) throws Exception {
        Clock wrong = Clock.fixed(Instant.parse("2001-01-01T00:00:00Z"), ZoneOffset.UTC);

        HttpResponse<String> response =
                client().clock(wrong).chunked(chunked).build().send(post("short"), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("short");
        assertThat(seen).hasSize(1);
    }

    /** More than the JDK's server reads of what nobody wants. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLargeRequestThatIsRefusedAtItsHeadGetsTheAnswerAllTheSame(boolean chunked) throws Exception {
        String large = "x".repeat(900_000);
        Clock wrong = Clock.fixed(Instant.parse("2001-01-01T00:00:00Z"), ZoneOffset.UTC);
        HttpRequest elsewhere = HttpRequest.newBuilder(URI.create("https://other.example/"))
                .POST(BodyPublishers.ofString(large))
                .build();

        for (int round = 0; round < 5; round++) {
            assertThat(client().clock(wrong)
                            .chunked(chunked)
                            .build()
                            .send(post(large), BodyHandlers.ofString())
                            .body())
                    .hasSize(large.length());
            assertThat(client().chunked(chunked)
                            .build()
                            .send(elsewhere, BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(403);
        }
        OhttpClient stale = client().keys(KeyRing.builder().build().published())
                .chunked(chunked)
                .build();
        assertThatThrownBy(() -> stale.send(post(large), BodyHandlers.discarding()))
                .isInstanceOfSatisfying(OhttpRequestException.class, e -> {
                    assertThat(e.party()).isEqualTo(Party.GATEWAY);
                    assertThat(e.status()).hasValue(422);
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRelayThatRefusesALargeRequestSaysSo(boolean chunked) {
        HttpRequest large = post("x".repeat(900_000));
        Map<String, String> refusals =
                Map.of("/relay/nobody", "502 (connection_refused)", "/relay/unknown", "404 (destination_not_found)");

        refusals.forEach((path, why) -> {
            OhttpClient client =
                    client().relay(relaySite.uri(path)).chunked(chunked).build();
            assertThatThrownBy(() -> client.send(large, BodyHandlers.discarding()))
                    .hasMessageEndingWith("status " + why)
                    .isInstanceOfSatisfying(
                            OhttpRequestException.class,
                            e -> assertThat(e.party()).isEqualTo(Party.RELAY));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTargetThatIsNotAllowedIsTheGatewaysAnswer(boolean chunked) throws Exception {
        HttpRequest other =
                HttpRequest.newBuilder(URI.create("https://other.example/")).build();

        assertThat(client().chunked(chunked)
                        .build()
                        .send(other, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aKeyThatTheGatewayDoesNotHaveIsTheGatewaysRefusal() throws Exception {
        KeyRing other = KeyRing.builder().build();
        OhttpClient client = client().keys(other.published()).build();

        assertThatThrownBy(() -> client.send(post(), BodyHandlers.discarding()))
                .isInstanceOfSatisfying(OhttpRequestException.class, e -> {
                    assertThat(e.party()).isEqualTo(Party.GATEWAY);
                    assertThat(e.problem()).hasValue("https://iana.org/assignments/http-problem-types#ohttp-key");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/relay/nobody", "/relay/unknown", "/elsewhere"})
    void whatTheRelayRefusesIsNotTheTargetsAnswer(String path) {
        OhttpClient client = client().relay(relaySite.uri(path)).build();

        assertThatThrownBy(() -> client.send(post(), BodyHandlers.discarding()))
                .isInstanceOfSatisfying(
                        OhttpRequestException.class,
                        e -> assertThat(e.party()).isIn(Party.RELAY, Party.RELAY_OR_GATEWAY));
    }

    @Test
    void aLongResponseStreams() throws Exception {
        HttpRequest get = HttpRequest.newBuilder(target.uri("/long")).build();

        try (InputStream body = client().chunked(true)
                .build()
                .send(get, BodyHandlers.ofInputStream())
                .body()) {
            assertThat(body.transferTo(java.io.OutputStream.nullOutputStream())).isEqualTo(32_768_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherClientIsUnderstoodByRelayAndGateway(boolean chunked) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "get",
                "--relay",
                relaySite.uri("/relay").toString(),
                "--keys",
                gatewaySite.uri("/ohttp-keys").toString()));
        if (chunked) {
            arguments.add("--chunked");
        }
        arguments.addAll(List.of("PUT", target.uri("/echo").toString(), "hello"));

        NodePeer.Result result = NodePeer.run("", arguments.toArray(String[]::new));

        assertThat(result.status()).as(result.errors()).isZero();
        assertThat(result.errors()).contains("status 202", "x-asked: PUT /echo");
        assertThat(result.output()).isEqualTo("hello");
        assertThat(seen.get(0).getFirst("X-from")).isEqualTo("peer");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherGatewayIsUnderstoodThroughTheRelay(boolean chunked) throws Exception {
        try (NodePeer peer = NodePeer.start("gateway");
                OhttpRelay before = OhttpRelay.builder()
                        .gateway(URI.create("http://127.0.0.1:" + peer.port() + "/gateway"))
                        .timeout(Duration.ofSeconds(30))
                        .build()) {
            relaySite.at("/before", before);
            OhttpClient client = client().relay(relaySite.uri("/before"))
                    .keys(URI.create("http://127.0.0.1:" + peer.port()))
                    .chunked(chunked)
                    .build();

            assertThat(client.send(post(), BodyHandlers.ofString()).body()).isEqualTo(CONTENT);
        }
    }
}
