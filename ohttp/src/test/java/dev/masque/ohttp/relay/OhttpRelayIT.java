package dev.masque.ohttp.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.ChunkedClientExchange;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.exchange.Site;
import dev.masque.ohttp.exchange.TestClient;
import dev.masque.ohttp.gateway.KeyRing;
import dev.masque.ohttp.gateway.OhttpGateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OhttpRelayIT {
    private final Site gatewaySite = new Site();
    private final Site relaySite = new Site();
    private final List<RelayEvent> events = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

    OhttpRelayIT() throws IOException {}

    @AfterEach
    void close() throws Exception {
        relaySite.close();
        gatewaySite.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void requestsAndAnswersPassWholeAndInChunks() throws Exception {
        KeyConfig config = gateway(exchange -> {
            byte[] content = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        URI relay = relay(b -> b);
        String large = "0123456789".repeat(20_000);

        BinaryResponse whole = TestClient.ask(relay, config, TestClient.request("POST", "https://app.example/", "abc"));
        TestClient.Streamed chunked =
                TestClient.askChunked(relay, config, TestClient.request("POST", "https://app.example/", large));

        assertThat(TestClient.text(whole)).isEqualTo("abc");
        assertThat(chunked.length).isEqualTo(large.length());
        assertThat(chunked.complete).isTrue();
    }

    @Test
    void nothingOfTheClientReachesTheGateway() throws Exception {
        List<Map<String, List<String>>> seen = new CopyOnWriteArrayList<>();
        gatewaySite.at("/gateway", exchange -> {
            seen.add(Map.copyOf(exchange.getRequestHeaders()));
            answer(exchange, 200, OhttpMediaTypes.RESPONSE, "r");
        });
        URI relay = relay(b -> b);
        HttpRequest bare = HttpRequest.newBuilder(relay)
                .header("Content-Type", OhttpMediaTypes.REQUEST)
                .POST(BodyPublishers.ofString("x"))
                .build();
        HttpRequest chatty = HttpRequest.newBuilder(URI.create(relay + "?user=7"))
                .header("Content-Type", OhttpMediaTypes.REQUEST + "; user=7")
                .header("User-Agent", "me/1.0")
                .header("Cookie", "id=7")
                .header("Authorization", "Bearer me")
                .header("Forwarded", "for=192.0.2.7")
                .header("X-Forwarded-For", "192.0.2.7")
                .header("Via", "1.1 my-proxy")
                .header("Accept-Language", "de-LI")
                .header("Referer", "https://me.example/")
                .header("X-Whatever", "7")
                .POST(BodyPublishers.ofString("x"))
                .build();

        for (HttpRequest request : List.of(bare, chatty)) {
            assertThat(TestClient.HTTP.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }

        assertThat(seen.get(1)).isEqualTo(seen.get(0));
        assertThat(seen.get(0).keySet())
                .containsExactlyInAnyOrder("Content-type", "Content-length", "User-agent", "Via", "Host");
        assertThat(seen.get(0)).containsEntry("Content-type", List.of(OhttpMediaTypes.REQUEST));
    }

    @Test
    void nothingOfTheGatewayReachesTheClientButTheAnswer() throws Exception {
        gatewaySite.at("/gateway", exchange -> {
            exchange.getResponseHeaders().set("Set-Cookie", "id=7");
            exchange.getResponseHeaders().set("X-Gateway", "g7");
            exchange.getResponseHeaders().set("Server", "g7");
            answer(exchange, 200, OhttpMediaTypes.RESPONSE, "r");
        });

        HttpResponse<byte[]> response =
                TestClient.post(relay(b -> b), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(new byte[1]));

        assertThat(response.headers().map().keySet())
                .containsExactlyInAnyOrder("content-type", "content-length", "date");
    }

    @Test
    void refusalsOfTheGatewayPassWithoutMoreThanTheirProblem() throws Exception {
        KeyConfig config = gateway(exchange -> {});
        gatewaySite.at("/angry", exchange -> answer(exchange, 403, "text/html", "<p>you, 192.0.2.7"));
        URI relay = relay(b -> b.gateway("angry", gatewaySite.uri("/angry")));
        byte[] unknown = new byte[100];
        unknown[0] = (byte) (config.keyId() + 1);

        HttpResponse<byte[]> problem = TestClient.post(relay, OhttpMediaTypes.REQUEST, ByteBuffer.wrap(unknown));
        HttpResponse<byte[]> refusal =
                TestClient.post(URI.create(relay + "/angry"), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(new byte[1]));

        assertThat(problem.statusCode()).isEqualTo(422);
        assertThat(new String(problem.body(), UTF_8)).contains("#ohttp-key");
        assertThat(refusal.statusCode()).isEqualTo(403);
        assertThat(refusal.body()).isEmpty();
        assertThat(refusal.headers().firstValue("proxy-status")).contains("ohttp-relay; received-status=403");
    }

    @Test
    void gatewaysThatAnswerGarbageAreBadGateways() throws Exception {
        gatewaySite
                .at("/html", exchange -> answer(exchange, 200, "text/html", "<p>"))
                .at("/redirect", exchange -> {
                    exchange.getResponseHeaders().set("Location", "/html");
                    answer(exchange, 307, OhttpMediaTypes.RESPONSE, "r");
                })
                .at("/large", exchange -> answer(exchange, 200, OhttpMediaTypes.RESPONSE, "x".repeat(2001)))
                .at("/short", exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", OhttpMediaTypes.RESPONSE);
                    exchange.sendResponseHeaders(200, 10);
                    exchange.getResponseBody().write(1);
                    exchange.getResponseBody().flush();
                    throw new IOException("broken");
                });
        Site gone = new Site();
        URI nowhere = gone.uri("/gateway");
        gone.close();
        URI relay = relay(b -> b.maxMessage(1000, 2000)
                .gateway("html", gatewaySite.uri("/html"))
                .gateway("redirect", gatewaySite.uri("/redirect"))
                .gateway("large", gatewaySite.uri("/large"))
                .gateway("short", gatewaySite.uri("/short"))
                .gateway("gone", nowhere));

        Map<String, String> errors = Map.of(
                "html", "http_protocol_error",
                "redirect", "http_protocol_error",
                "large", "http_response_body_size",
                "short", "http_response_incomplete",
                "gone", "connection_refused");
        for (Map.Entry<String, String> endpoint : errors.entrySet()) {
            HttpResponse<byte[]> answer = TestClient.post(
                    URI.create(relay + "/" + endpoint.getKey()), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(new byte[1]));
            assertThat(answer.statusCode()).as(endpoint.getKey()).isEqualTo(502);
            assertThat(answer.headers().firstValue("proxy-status"))
                    .contains("ohttp-relay; error=" + endpoint.getValue());
        }
    }

    @Test
    void requestsThatAreNotForItAreRefused() throws Exception {
        URI relay = relay(b -> b.maxMessage(1000, 1000));
        HttpResponse<Void> got =
                TestClient.HTTP.send(HttpRequest.newBuilder(relay).build(), BodyHandlers.discarding());

        assertThat(got.statusCode()).isEqualTo(405);
        assertThat(TestClient.post(relay, "text/plain", ByteBuffer.wrap(new byte[1]))
                        .statusCode())
                .isEqualTo(415);
        assertThat(status(relay, new byte[0])).isEqualTo(400);
        assertThat(status(relay, new byte[1001])).isEqualTo(413);
        assertThat(status(URI.create(relay + "/https://elsewhere.example/"), new byte[1]))
                .isEqualTo(404);
    }

    @Test
    void aLoopIsRefused() throws Exception {
        Site other = new Site();
        opened.add(other);
        OhttpRelay back = OhttpRelay.builder().gateway(relaySite.uri("/relay")).build();
        opened.add(back);
        other.at("/relay", back);
        OhttpRelay there = OhttpRelay.builder()
                .gateway(other.uri("/relay"))
                .listener(events::add)
                .build();
        opened.add(there);
        relaySite.at("/relay", there);

        assertThat(status(relaySite.uri("/relay"), new byte[1])).isEqualTo(508);
        awaitEvents(1);
        assertThat(events).hasSize(1);
    }

    @Test
    void aSilentGatewayIsATimeout() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        gatewaySite.at("/gateway", exchange -> await(over));

        assertThat(status(relay(b -> b.timeout(Duration.ofMillis(300))), new byte[1]))
                .isEqualTo(504);
        over.countDown();
    }

    @Test
    void chunksPassAsTheyCome() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        KeyConfig config = gateway(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("first".getBytes(UTF_8));
                out.flush();
                await(seen);
                out.write("second".getBytes(UTF_8));
            }
        });
        ChunkedClientExchange exchange = ChunkedClientExchange.start(config);
        byte[] request = TestClient.chunked(exchange, TestClient.get("https://app.example/"));
        HttpResponse<InputStream> response = TestClient.postStream(relay(b -> b), BodyPublishers.ofByteArray(request));
        TestClient.Streamed streamed = new TestClient.Streamed(exchange);
        try (InputStream body = response.body()) {
            byte[] piece = new byte[1000];
            for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                streamed.feed(piece, read);
                if (streamed.length == 5) {
                    seen.countDown();
                }
            }
        }
        streamed.end();

        assertThat(streamed.kept.toString(UTF_8)).isEqualTo("firstsecond");
    }

    @Test
    void eventsCountAndSayNothingOfTheClient() throws Exception {
        gatewaySite.at("/gateway", exchange -> answer(exchange, 200, OhttpMediaTypes.RESPONSE, "four"));
        URI relay = relay(b -> b.gateway("app", gatewaySite.uri("/gateway")));
        status(URI.create(relay + "/app"), new byte[7]);
        awaitEvents(1); // told after the answer
        status(URI.create(relay + "/not-there"), new byte[7]);

        awaitEvents(2);
        assertThat(events.get(0).endpoint()).isEqualTo("app");
        assertThat(events.get(0).bytesToGateway()).isEqualTo(7);
        assertThat(events.get(0).bytesToClient()).isEqualTo(4);
        assertThat(events.get(0).gatewayStatus()).isEqualTo(200);
        assertThat(events.get(0).relayStatus()).isEqualTo(200);
        assertThat(events.get(1).relayStatus()).isEqualTo(404);
        assertThat(events.toString()).doesNotContain("127.0.0.1").doesNotContain("not-there");
    }

    @Test
    void gatewaysMustBeSecureUnlessTheyAreNear() {
        OhttpRelayBuilder builder = OhttpRelay.builder();

        for (String uri : List.of("http://gateway.example/", "ftp://x/", "https://me@gateway.example/", "/path")) {
            assertThatThrownBy(() -> builder.gateway(URI.create(uri))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        assertThatThrownBy(() -> builder.client(follows)).isInstanceOf(IllegalArgumentException.class);
    }

    private KeyConfig gateway(HttpHandler application) throws IOException {
        KeyRing ring = KeyRing.builder().build();
        OhttpGateway gateway = OhttpGateway.builder()
                .keys(ring)
                .allow(URI.create("https://app.example"))
                .handler(application)
                .build();
        opened.add(gateway);
        gatewaySite.at("/gateway", gateway.requestHandler());
        return KeyConfig.parseList(ring.published()).get(0);
    }

    private URI relay(UnaryOperator<OhttpRelayBuilder> more) {
        OhttpRelay relay = more.apply(OhttpRelay.builder()
                        .gateway(gatewaySite.uri("/gateway"))
                        .listener(events::add))
                .build();
        opened.add(relay);
        relaySite.at("/relay", relay);
        return relaySite.uri("/relay");
    }

    private static int status(URI uri, byte[] content) throws Exception {
        return TestClient.post(uri, OhttpMediaTypes.REQUEST, ByteBuffer.wrap(content))
                .statusCode();
    }

    private void awaitEvents(int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (events.size() < count && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(events).hasSizeGreaterThanOrEqualTo(count);
    }

    private static void answer(HttpExchange exchange, int status, String type, String content) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, content.length());
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content.getBytes(UTF_8));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
