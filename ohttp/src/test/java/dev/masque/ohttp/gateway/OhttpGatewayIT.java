package dev.masque.ohttp.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.masque.ohttp.ClientExchange;
import dev.masque.ohttp.GatewayKey;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.bhttp.RequestHead;
import dev.masque.ohttp.exchange.Site;
import dev.masque.ohttp.exchange.TestClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OhttpGatewayIT {
    @Test
    void theTargetIsAskedAndItsAnswerComesBack() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b).answering("/", OhttpGatewayIT::echo)) {
            BinaryResponse response = gateway.ask(TestClient.request(
                    "POST",
                    gateway.url("/a%20b?c=d"),
                    "content",
                    "x-own",
                    "mine",
                    "connection",
                    "x-gone",
                    "x-gone",
                    "1"));

            assertThat(response.head().status()).isEqualTo(201);
            assertThat(TestClient.text(response)).isEqualTo("POST /a%20b?c=d content mine null");
            assertThat(response.head().fields().first("x-answer")).contains("yes");
            assertThat(response.head().fields().first("connection")).isEmpty();
        }
    }

    @Test
    void anApplicationIsItsOwnGateway() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b.handler(OhttpGatewayIT::nobody))) {
            BinaryResponse response = gateway.ask(TestClient.request("PUT", gateway.url("/x?y"), "abc"));

            assertThat(TestClient.text(response)).isEqualTo("PUT /x?y abc 0.0.0.0");
        }
    }

    @Test
    void originsThatAreNotAllowedAreRefusedInside() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b).answering("/", OhttpGatewayIT::echo)) {
            for (String url : new String[] {
                gateway.site.uri("/gateway").toString(),
                gateway.url("/").replace("http:", "https:"),
                gateway.url("/").replace("127.0.0.1", "localhost"),
                "https://elsewhere.example/"
            }) {
                assertThat(gateway.ask(TestClient.get(url)).head().status()).isEqualTo(403);
            }
        }
    }

    @Test
    void eachOfSeveralOriginsIsServedAndNoOther() throws Exception {
        try (Site other = new Site().at("/", OhttpGatewayIT::echo);
                Site third = new Site().at("/", OhttpGatewayIT::echo);
                GatewayFixture gateway =
                        new GatewayFixture(b -> b.allow(other.uri(""))).answering("/", OhttpGatewayIT::echo)) {
            assertThat(gateway.ask(TestClient.get(gateway.url("/"))).head().status())
                    .isEqualTo(201);
            assertThat(gateway.ask(TestClient.get(other.uri("/").toString()))
                            .head()
                            .status())
                    .isEqualTo(201);
            assertThat(gateway.ask(TestClient.get(third.uri("/").toString()))
                            .head()
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatCannotBeRememberedIsRefusedInsideAndTheListenerIsTold() throws Exception {
        AtomicInteger told = new AtomicInteger();
        GatewayListener listener = new GatewayListener() {
            @Override
            public void exchanged(GatewayEvent event) {}

            @Override
            public void replayMemoryFull(String endpoint) {
                told.incrementAndGet();
                throw new IllegalStateException("a listener breaks nothing");
            }
        };
        try (GatewayFixture gateway =
                new GatewayFixture(b -> b.replayCapacity(1).listener(listener)).answering("/", OhttpGatewayIT::echo)) {
            assertThat(gateway.ask(TestClient.get(gateway.url("/"))).head().status())
                    .isEqualTo(201);
            for (int i = 0; i < 3; i++) {
                BinaryResponse refused = gateway.ask(TestClient.get(gateway.url("/")));
                assertThat(refused.head().status()).isEqualTo(503);
                assertThat(refused.head().fields().first("retry-after")).contains("75");
            }
            assertThat(told.get()).isBetween(1, 2);
        }
    }

    @Test
    void withoutAnyOriginAllAreRefused() throws Exception {
        OhttpGatewayBuilder closed = OhttpGateway.builder();
        try (GatewayFixture gateway = new GatewayFixture(b -> closed.keys(keysOf(b)))) {
            assertThat(gateway.ask(TestClient.get(gateway.url("/"))).head().status())
                    .isEqualTo(403);
        }
    }

    private static KeyRing keysOf(OhttpGatewayBuilder builder) {
        return java.util.Objects.requireNonNull(builder.keys);
    }

    @Test
    void redirectsAreThePeersToFollow() throws Exception {
        AtomicInteger followed = new AtomicInteger();
        try (GatewayFixture gateway = new GatewayFixture(b -> b)
                .answering("/from", exchange -> {
                    exchange.getResponseHeaders().set("Location", "/to");
                    answer(exchange, 302, "");
                })
                .answering("/to", exchange -> {
                    followed.incrementAndGet();
                    answer(exchange, 200, "");
                })) {
            BinaryResponse response = gateway.ask(TestClient.get(gateway.url("/from")));

            assertThat(response.head().status()).isEqualTo(302);
            assertThat(response.head().fields().first("location")).contains("/to");
            assertThat(followed).hasValue(0);
        }
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();

        assertThatThrownBy(() -> OhttpGateway.builder().client(follows)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatDoesNotOpenIsRefusedOutside() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b)) {
            byte[] good = sealed(gateway, TestClient.get(gateway.url("/")));
            byte[] otherId = good.clone();
            otherId[0]++;
            byte[] damaged = good.clone();
            damaged[damaged.length - 1] ^= 1;
            GatewayKey stranger = GatewayKey.generate(gateway.config().keyId(), KeyType.P256, new SecureRandom());
            ByteBuffer otherKem = ClientExchange.start(stranger.config()).seal(ByteBuffer.allocate(9));

            for (ByteBuffer wrong : new ByteBuffer[] {ByteBuffer.wrap(otherId), ByteBuffer.wrap(damaged), otherKem}) {
                HttpResponse<byte[]> response = TestClient.post(gateway.uri(), OhttpMediaTypes.REQUEST, wrong);
                assertThat(response.statusCode()).isEqualTo(422);
                assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
                assertThat(new String(response.body(), UTF_8))
                        .contains("https://iana.org/assignments/http-problem-types#ohttp-key");
            }
            for (int length : new int[] {0, 1, 6, 7, 38, 39, 54}) {
                HttpResponse<byte[]> response =
                        TestClient.post(gateway.uri(), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(good, 0, length));
                assertThat(response.statusCode()).isEqualTo(400);
            }
        }
    }

    @Test
    void otherMethodsAndMediaTypesAreRefused() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b)) {
            HttpResponse<Void> got =
                    TestClient.HTTP.send(HttpRequest.newBuilder(gateway.uri()).build(), BodyHandlers.discarding());
            HttpResponse<byte[]> posted = TestClient.post(gateway.uri(), "message/bhttp", ByteBuffer.wrap(new byte[9]));

            assertThat(got.statusCode()).isEqualTo(405);
            assertThat(got.headers().firstValue("allow")).contains("POST");
            assertThat(posted.statusCode()).isEqualTo(415);
        }
    }

    @Test
    void whatIsWrongInsideIsSaidInside() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b).answering("/", OhttpGatewayIT::echo)) {
            assertThat(inner(gateway, ByteBuffer.wrap(new byte[] {9, 9, 9}))
                            .head()
                            .status())
                    .isEqualTo(400);
            assertThat(inner(gateway, ByteBuffer.allocate(0)).head().status()).isEqualTo(400);
            assertThat(gateway.ask(TestClient.get(gateway.url("/"), "expect", "100-continue"))
                            .head()
                            .status())
                    .isEqualTo(417);
            BinaryRequest connect = BinaryRequest.of(
                    new RequestHead("CONNECT", "", "127.0.0.1:" + gateway.target.port(), "", Fields.empty()),
                    ByteBuffer.allocate(0));
            assertThat(gateway.ask(connect).head().status()).isEqualTo(400);
        }
    }

    @Test
    void aDateOutsideOfTheWindowIsAProblemThatSaysTheTime() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b).answering("/", OhttpGatewayIT::echo)) {
            BinaryResponse late =
                    gateway.ask(TestClient.get(gateway.url("/"), "date", "Mon, 07 Feb 2022 00:28:05 GMT"));
            String date = late.head().fields().first("date").orElseThrow();
            BinaryResponse corrected = gateway.ask(TestClient.get(gateway.url("/"), "date", date));

            assertThat(late.head().status()).isEqualTo(400);
            assertThat(TestClient.text(late)).contains("https://iana.org/assignments/http-problem-types#date");
            assertThat(late.head().fields().first("content-type")).contains("application/problem+json");
            assertThat(late.head().fields().first("cache-control")).contains("no-store");
            assertThat(corrected.head().status()).isEqualTo(201);
        }
    }

    @Test
    void aReplayedRequestReachesTheTargetOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (GatewayFixture gateway = new GatewayFixture(b -> b).answering("/", exchange -> {
            asked.incrementAndGet();
            answer(exchange, 200, "");
        })) {
            byte[] request = sealed(gateway, TestClient.get(gateway.url("/")));
            for (int i = 0; i < 3; i++) {
                assertThat(TestClient.post(gateway.uri(), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(request))
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void sizesAreBounded() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b.maxMessage(1000, 2000))
                .answering("/", exchange -> answer(exchange, 200, "x".repeat(2001)))) {
            HttpResponse<byte[]> large =
                    TestClient.post(gateway.uri(), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(new byte[1001]));
            BinaryResponse answer = gateway.ask(TestClient.get(gateway.url("/")));

            assertThat(large.statusCode()).isEqualTo(413);
            assertThat(answer.head().status()).isEqualTo(502);
        }
    }

    @Test
    void aTargetThatIsNotThereIsABadGatewayInside() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b)) {
            String url = gateway.url("/");
            gateway.target.close();

            assertThat(gateway.ask(TestClient.get(url)).head().status()).isEqualTo(502);
        }
    }

    @Test
    void aSilentTargetIsATimeoutInside() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (GatewayFixture gateway = new GatewayFixture(b -> b.timeout(Duration.ofSeconds(2)))
                .answering("/silent", exchange -> await(over))
                .answering("/stalled", exchange -> {
                    exchange.sendResponseHeaders(200, 10);
                    exchange.getResponseBody().write(1);
                    exchange.getResponseBody().flush();
                    await(over);
                })) {
            assertThat(gateway.ask(TestClient.get(gateway.url("/silent")))
                            .head()
                            .status())
                    .isEqualTo(504);
            assertThat(gateway.ask(TestClient.get(gateway.url("/stalled")))
                            .head()
                            .status())
                    .isEqualTo(504);
            over.countDown();
        }
    }

    @Test
    void aSilentOrFailingHandlerIsAnErrorInside() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (GatewayFixture gateway =
                new GatewayFixture(b -> b.timeout(Duration.ofSeconds(2)).handler(exchange -> {
                    switch (exchange.getRequestURI().getPath()) {
                        case "/silent" -> await(over);
                        case "/short" -> {
                            exchange.sendResponseHeaders(200, 10);
                            exchange.getResponseBody().write(1);
                            exchange.close();
                        }
                        default -> throw new IllegalStateException("a secret");
                    }
                }))) {
            assertThat(gateway.ask(TestClient.get(gateway.url("/silent")))
                            .head()
                            .status())
                    .isEqualTo(504);
            assertThat(gateway.ask(TestClient.get(gateway.url("/short"))).head().status())
                    .isEqualTo(502);
            BinaryResponse failed = gateway.ask(TestClient.get(gateway.url("/throws")));
            assertThat(failed.head().status()).isEqualTo(500);
            assertThat(TestClient.text(failed)).isEmpty();
            over.countDown();
        }
    }

    @Test
    void exchangesAtATimeAreBounded() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (GatewayFixture gateway = new GatewayFixture(b -> b.concurrency(1)).answering("/", exchange -> {
            arrived.countDown();
            await(over);
            answer(exchange, 200, "");
        })) {
            byte[] request = sealed(gateway, TestClient.get(gateway.url("/")));
            var first = TestClient.HTTP.sendAsync(
                    HttpRequest.newBuilder(gateway.uri())
                            .header("Content-Type", OhttpMediaTypes.REQUEST)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                            .build(),
                    BodyHandlers.discarding());
            arrived.await();

            HttpResponse<byte[]> second =
                    TestClient.post(gateway.uri(), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(request));
            over.countDown();

            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("retry-after")).contains("1");
            assertThat(first.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keysAreTheSameForEverybodyAndMayBeKept() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b)) {
            URI uri = gateway.site.uri("/ohttp-keys");
            HttpResponse<byte[]> first =
                    TestClient.HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
            HttpResponse<byte[]> second = TestClient.HTTP.send(
                    HttpRequest.newBuilder(uri)
                            .header("Cookie", "who=me")
                            .header("User-Agent", "other")
                            .build(),
                    BodyHandlers.ofByteArray());
            HttpResponse<byte[]> known = TestClient.HTTP.send(
                    HttpRequest.newBuilder(uri)
                            .header(
                                    "If-None-Match",
                                    first.headers().firstValue("etag").orElseThrow())
                            .build(),
                    BodyHandlers.ofByteArray());
            HttpResponse<byte[]> head = TestClient.HTTP.send(
                    HttpRequest.newBuilder(uri)
                            .method("HEAD", HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofByteArray());
            HttpResponse<byte[]> posted = TestClient.post(uri, "text/plain", ByteBuffer.wrap(new byte[1]));

            assertThat(second.body()).isEqualTo(first.body());
            assertThat(second.headers().firstValue("etag"))
                    .isEqualTo(first.headers().firstValue("etag"));
            assertThat(first.headers().firstValue("cache-control")).contains("public, max-age=3600");
            assertThat(first.headers().firstValue("content-type")).contains(OhttpMediaTypes.KEYS);
            assertThat(known.statusCode()).isEqualTo(304);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(posted.statusCode()).isEqualTo(405);
            assertThat(TestClient.keys(uri)).isEqualTo(gateway.config());
        }
    }

    @Test
    void eventsCountAndSayNothingOfTheContent() throws Exception {
        try (GatewayFixture gateway =
                new GatewayFixture(b -> b.endpoint("app").padding(256)).answering("/", OhttpGatewayIT::echo)) {
            byte[] request = sealed(gateway, TestClient.get(gateway.url("/a-secret-path")));
            HttpResponse<byte[]> response =
                    TestClient.post(gateway.uri(), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(request));
            awaitEvents(gateway, 1); // told after the answer
            TestClient.post(gateway.uri(), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(new byte[3]));

            assertThat(response.body()).hasSize(16 + 256 + 16);
            awaitEvents(gateway, 2);
            assertThat(gateway.events.get(0).endpoint()).isEqualTo("app");
            assertThat(gateway.events.get(0).bytesToGateway()).isEqualTo(request.length);
            assertThat(gateway.events.get(0).bytesToClient()).isEqualTo(response.body().length);
            assertThat(gateway.events).extracting(GatewayEvent::gatewayStatus).containsExactly(200, 400);
            assertThat(gateway.events.toString()).doesNotContain("secret").doesNotContain("127.0.0.1");
        }
    }

    static void awaitEvents(GatewayFixture gateway, int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (gateway.events.size() < count && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(gateway.events).hasSizeGreaterThanOrEqualTo(count);
    }

    private static BinaryResponse inner(GatewayFixture gateway, ByteBuffer plaintext) throws Exception {
        ClientExchange exchange = ClientExchange.start(gateway.config());
        HttpResponse<byte[]> response =
                TestClient.post(gateway.uri(), OhttpMediaTypes.REQUEST, exchange.seal(plaintext));
        assertThat(response.statusCode()).isEqualTo(200);
        return BinaryResponse.decode(exchange.open(ByteBuffer.wrap(response.body())), BinaryHttpLimits.DEFAULT);
    }

    private static byte[] sealed(GatewayFixture gateway, BinaryRequest request) throws IOException {
        ByteBuffer sealed = ClientExchange.start(gateway.config()).seal(request.encode(Framing.KNOWN_LENGTH));
        byte[] bytes = new byte[sealed.remaining()];
        sealed.get(bytes);
        return bytes;
    }

    static void echo(HttpExchange exchange) throws IOException {
        String content = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        exchange.getResponseHeaders().set("X-Answer", "yes");
        answer(
                exchange,
                201,
                exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + content + " "
                        + exchange.getRequestHeaders().getFirst("X-Own") + " "
                        + exchange.getRequestHeaders().getFirst("X-Gone"));
    }

    private static void nobody(HttpExchange exchange) throws IOException {
        String content = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        answer(
                exchange,
                200,
                exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + content + " "
                        + exchange.getRemoteAddress().getAddress().getHostAddress());
    }

    static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
        exchange.close();
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
