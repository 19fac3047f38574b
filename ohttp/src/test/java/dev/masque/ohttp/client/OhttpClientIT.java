package dev.masque.ohttp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.ResponseHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OhttpClientIT {
    private static final HttpRequest GET =
            HttpRequest.newBuilder(URI.create("https://target.example/path?q")).build();
    private static final String DATE_PROBLEM = "{\"type\":\"https://iana.org/assignments/http-problem-types#date\"}";

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(KeyType.X25519);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({"X25519, false", "X25519, true", "P256, false", "P256, true"})
    void requestAndResponsePassUnderEncapsulation(KeyType type, boolean chunked) throws Exception {
        try (TestGateway other = new TestGateway(type)) {
            byte[] content = new byte[300_000];
            new SplittableRandom(1).nextBytes(content);
            other.application(request -> new BinaryResponse(
                    List.of(new ResponseHead(103, Fields.of("link", "<x>"))),
                    new ResponseHead(201, Fields.of("x-answer", "1", "x-answer", "2")),
                    request.content(),
                    Fields.of("x-trailer", "3")));
            OhttpClient client = other.client("/relay").chunked(chunked).build();
            HttpRequest request = HttpRequest.newBuilder(GET.uri())
                    .POST(BodyPublishers.ofByteArray(content))
                    .header("Content-Type", "application/octet-stream")
                    .build();

            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());

            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.headers().allValues("X-Answer")).containsExactly("1", "2");
            assertThat(response.body()).isEqualTo(content);
            assertThat(response.request()).isSameAs(request);
            BinaryRequest seen = other.inner.get(0);
            assertThat(seen.head().method()).isEqualTo("POST");
            assertThat(seen.head().scheme() + seen.head().target() + seen.head().path())
                    .isEqualTo("https" + "target.example" + "/path?q");
            assertThat(seen.head().fields().first("content-type")).hasValue("application/octet-stream");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTellsTheSenderIsTakenOutAndTheRelaySeesNothing(boolean chunked) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(GET.uri())
                .header("Cookie", "id=1")
                .header("User-Agent", "me/1.0")
                .header("Authorization", "Bearer secret")
                .header("X-Forwarded-For", "192.0.2.1")
                .header("Sec-CH-UA", "me")
                .header("Accept", "text/plain")
                .build();

        gateway.client("/relay").chunked(chunked).build().send(request, BodyHandlers.discarding());

        Fields fields = gateway.inner.get(0).head().fields();
        assertThat(fields.lines()).extracting(field -> field.name()).containsExactly("accept", "date");
        assertThat(gateway.outer.get(0).keySet().stream().map(name -> name.toLowerCase(java.util.Locale.ROOT)))
                .isSubsetOf(
                        "host",
                        "content-type",
                        "content-length",
                        "transfer-encoding",
                        "user-agent",
                        "incremental",
                        "connection",
                        "upgrade",
                        "http2-settings");
        assertThat(gateway.outer.get(0).getFirst("User-Agent")).isEqualTo("ohttp");
    }

    @Test
    void whatTheApplicationKeepsIsKeptAndSoAreTokensOfPrivacyPass() throws Exception {
        OhttpClient keeping = gateway.client("/relay")
                .keep("Authorization", "Cookie")
                .clock(null)
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(GET.uri());
        keeping.send(
                request.copy()
                        .header("Cookie", "id=1")
                        .header("Authorization", "Bearer t")
                        .build(),
                BodyHandlers.discarding());
        gateway.client("/relay")
                .clock(null)
                .build()
                .send(
                        request.copy()
                                .header("Authorization", "PrivateToken token=x")
                                .build(),
                        BodyHandlers.discarding());

        assertThat(gateway.inner.get(0).head().fields())
                .isEqualTo(Fields.of("authorization", "Bearer t", "cookie", "id=1"));
        assertThat(gateway.inner.get(1).head().fields()).isEqualTo(Fields.of("authorization", "PrivateToken token=x"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRefusedDateIsCorrectedOnceWithAFreshContext(boolean chunked) throws Exception {
        Clock wrong = Clock.fixed(Instant.parse("2001-01-01T00:00:00Z"), ZoneOffset.UTC);
        gateway.application(
                request -> request.head().fields().first("date").orElse("").equals("Mon, 07 Feb 2022 00:28:15 GMT")
                        ? TestGateway.text(200, "in time")
                        : TestGateway.text(
                                400,
                                DATE_PROBLEM,
                                "date",
                                "Mon, 07 Feb 2022 00:28:05 GMT",
                                "age",
                                "10",
                                "content-type",
                                "application/problem+json"));
        OhttpClient client =
                gateway.client("/relay").clock(wrong).chunked(chunked).build();
        HttpRequest request = HttpRequest.newBuilder(GET.uri())
                .POST(BodyPublishers.ofString("body"))
                .build();

        for (int i = 0; i < 2; i++) {
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("in time");
        }

        // what the gateway said is used for no other request
        assertThat(gateway.inner.stream()
                        .map(seen -> seen.head().fields().first("date").orElse("")))
                .containsExactly(
                        "Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 07 Feb 2022 00:28:15 GMT",
                        "Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 07 Feb 2022 00:28:15 GMT");
        assertThat(gateway.inner)
                .allSatisfy(seen -> assertThat(seen.content().remaining()).isEqualTo(4));
        assertThat(gateway.encapsulatedKeys).doesNotHaveDuplicates();
    }

    @Test
    void aDateRefusedTwiceIsAResponse() throws Exception {
        gateway.application(request -> TestGateway.text(
                400,
                DATE_PROBLEM,
                "date",
                "Mon, 07 Feb 2022 00:28:05 GMT",
                "content-type",
                "application/problem+json"));

        HttpResponse<String> response = gateway.client("/relay").build().send(GET, BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo(DATE_PROBLEM);
        assertThat(gateway.inner).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"about:blank\"}",
                "",
                "[]",
                "{\"detail\":\"#date\", \"x\":{\"type\":\"https://iana.org/assignments/http-problem-types#date\"}}"
            })
    void anotherProblemIsAResponse(String problem) throws Exception {
        String padded = problem + " ".repeat(20_000);
        for (String body : List.of(problem, padded)) {
            gateway.application(request -> TestGateway.text(
                    400, body, "date", "Mon, 07 Feb 2022 00:28:05 GMT", "content-type", "application/problem+json"));
            for (boolean chunked : new boolean[] {false, true}) {
                HttpResponse<String> response =
                        gateway.client("/relay").chunked(chunked).build().send(GET, BodyHandlers.ofString());

                assertThat(response.statusCode()).isEqualTo(400);
                assertThat(response.body()).isEqualTo(body);
            }
        }
        assertThat(gateway.inner).hasSize(4);
    }

    @Test
    void manyRequestsAtOnceAskForTheKeysOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        gateway.on("/.well-known/ohttp-gateway", exchange -> {
            asked.incrementAndGet();
            byte[] keys = gateway.keys().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            exchange.getResponseHeaders().set("Content-Type", "application/ohttp-keys");
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
        });
        OhttpClient client = OhttpClient.builder()
                .relay(gateway.uri("/relay"))
                .keys(gateway.uri(""))
                .build();

        List<CompletableFuture<HttpResponse<String>>> all = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> client.sendAsync(GET, BodyHandlers.ofString()))
                .toList();

        for (CompletableFuture<HttpResponse<String>> one : all) {
            assertThat(one.get(30, TimeUnit.SECONDS).body()).isEqualTo("hello");
        }
        assertThat(asked).hasValue(1);
        assertThat(gateway.encapsulatedKeys).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void theGivenClientDecidesTheWay() throws Exception {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger seen = new AtomicInteger();
        HttpClient direct = HttpClient.newHttpClient();
        proxy.createContext("/", exchange -> {
            seen.incrementAndGet();
            byte[] content = exchange.getRequestBody().readAllBytes();
            try {
                HttpResponse<byte[]> answer = direct.send(
                        HttpRequest.newBuilder(exchange.getRequestURI())
                                .header(
                                        "Content-Type",
                                        exchange.getRequestHeaders().getFirst("Content-Type"))
                                .POST(BodyPublishers.ofByteArray(content))
                                .build(),
                        BodyHandlers.ofByteArray());
                exchange.getResponseHeaders()
                        .set(
                                "Content-Type",
                                answer.headers().firstValue("content-type").orElse(""));
                exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
                throw new java.io.InterruptedIOException();
            } finally {
                exchange.close();
            }
        });
        proxy.start();
        try {
            HttpClient through = HttpClient.newBuilder()
                    .proxy(ProxySelector.of(proxy.getAddress()))
                    .build();
            OhttpClient client = gateway.client("/relay").httpClient(through).build();

            assertThat(client.send(GET, BodyHandlers.ofString()).body()).isEqualTo("hello");
            assertThat(seen).hasValue(1);
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void lengthsAreMultiplesOfTheBlock() throws Exception {
        OhttpClient client = gateway.client("/relay").padding(1000).build();
        client.send(
                HttpRequest.newBuilder(GET.uri())
                        .POST(BodyPublishers.ofString("a"))
                        .build(),
                BodyHandlers.discarding());
        client.send(
                HttpRequest.newBuilder(GET.uri())
                        .POST(BodyPublishers.ofString("a".repeat(500)))
                        .build(),
                BodyHandlers.discarding());

        assertThat(gateway.outer.stream().map(fields -> fields.getFirst("Content-Length")))
                .containsExactly("1055", "1055"); // header 7, key 32, tag 16
    }
}
