package dev.masque.ohttp.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.ohttp.ChunkedClientExchange;
import dev.masque.ohttp.OhttpException;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.exchange.TestClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ChunkedGatewayIT {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestAndItsAnswerStream(boolean inProcess) throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> inProcess ? b.handler(OhttpGatewayIT::echo) : b)
                .answering("/", OhttpGatewayIT::echo)) {
            String large = "0123456789".repeat(30_000);

            TestClient.Streamed posted =
                    gateway.askChunked(TestClient.request("POST", gateway.url("/p"), large, "x-own", "mine"));
            TestClient.Streamed got = gateway.askChunked(TestClient.get(gateway.url("/g")));

            assertThat(posted.status()).isEqualTo(201);
            assertThat(posted.complete).isTrue();
            assertThat(posted.length).isEqualTo("POST /p  mine null".length() + large.length());
            assertThat(posted.kept.toString(UTF_8)).startsWith("POST /p 0123");
            assertThat(got.kept.toString(UTF_8)).isEqualTo("GET /g  null null");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theAnswerArrivesWhileItIsWritten(boolean inProcess) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        com.sun.net.httpserver.HttpHandler slow = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("first".getBytes(UTF_8));
                out.flush();
                OhttpGatewayIT.await(seen);
                out.write("second".getBytes(UTF_8));
            }
        };
        try (GatewayFixture gateway = new GatewayFixture(b -> inProcess ? b.handler(slow) : b).answering("/", slow)) {
            ChunkedClientExchange exchange = ChunkedClientExchange.start(gateway.config());
            byte[] request = TestClient.chunked(exchange, TestClient.get(gateway.url("/")));
            HttpResponse<InputStream> response =
                    TestClient.postStream(gateway.uri(), BodyPublishers.ofByteArray(request));
            TestClient.Streamed streamed = new TestClient.Streamed(exchange);
            assertThat(response.headers().firstValue("incremental")).contains("?1");
            try (InputStream body = response.body()) {
                byte[] piece = new byte[1000];
                for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                    streamed.feed(piece, read);
                    if (streamed.length == 5) {
                        seen.countDown(); // nothing more comes before this
                    }
                }
            }
            streamed.end();

            assertThat(streamed.kept.toString(UTF_8)).isEqualTo("firstsecond");
        }
    }

    @Test
    void aRequestCutShortNeverLooksComplete() throws Exception {
        AtomicInteger complete = new AtomicInteger();
        try (GatewayFixture gateway = new GatewayFixture(b -> b).answering("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            complete.incrementAndGet();
            OhttpGatewayIT.answer(exchange, 200, "");
        })) {
            ChunkedClientExchange exchange = ChunkedClientExchange.start(gateway.config());
            byte[] whole =
                    TestClient.chunked(exchange, TestClient.request("POST", gateway.url("/"), "x".repeat(40_000)));
            byte[] cut = Arrays.copyOf(whole, whole.length - 20);

            HttpResponse<InputStream> response = TestClient.postStream(gateway.uri(), BodyPublishers.ofByteArray(cut));
            TestClient.Streamed streamed = new TestClient.Streamed(exchange);
            streamed.feed(response.body().readAllBytes());
            streamed.end();

            assertThat(streamed.status()).isEqualTo(400);
            assertThat(complete).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerCutShortNeverLooksComplete(boolean inProcess) throws Exception {
        com.sun.net.httpserver.HttpHandler cut = exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[50]);
            exchange.getResponseBody().flush();
            throw new IOException("broken");
        };
        try (GatewayFixture gateway = new GatewayFixture(b -> inProcess ? b.handler(cut) : b).answering("/", cut)) {
            BinaryRequest request = TestClient.get(gateway.url("/"));

            assertThatThrownBy(() -> gateway.askChunked(request))
                    .isInstanceOfSatisfying(
                            OhttpException.class, e -> assertThat(e.kind()).isEqualTo(OhttpException.Kind.TRUNCATED));
            assertThat(gateway.ask(request).head().status()).isEqualTo(502);
        }
    }

    @Test
    void refusalsInsideComeInChunksToo() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b)) {
            assertThat(gateway.askChunked(TestClient.get("https://elsewhere.example/"))
                            .status())
                    .isEqualTo(403);
            assertThat(gateway.askChunked(TestClient.get(gateway.url("/"), "date", "never"))
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void whatDoesNotOpenIsRefusedOutside() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b)) {
            byte[] good =
                    TestClient.chunked(ChunkedClientExchange.start(gateway.config()), TestClient.get(gateway.url("/")));
            byte[] otherKey = good.clone();
            otherKey[0]++;
            byte[] damaged = good.clone();
            damaged[50] ^= 1;

            assertThat(status(gateway, otherKey)).isEqualTo(422);
            assertThat(status(gateway, damaged)).isEqualTo(422);
            assertThat(status(gateway, Arrays.copyOf(good, 20))).isEqualTo(400);
            assertThat(status(gateway, new byte[0])).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"message/ohttp-chunked-req", "message/ohttp-req"})
    void aSenderThatPausesTooLongIsLetGo(String mediaType) throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(b -> b.timeout(Duration.ofSeconds(2)));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.site.port())) {
            socket.setSoTimeout(30_000);
            String request = "POST /gateway HTTP/1.1\r\nHost: gateway\r\nContent-Type: " + mediaType
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            OhttpGatewayIT.awaitEvents(gateway, 1);
            assertThat(gateway.events.get(0).gatewayStatus()).isZero();
            assertThat(gateway.events.get(0).bytesToGateway()).isEqualTo(3);
        }
    }

    @Test
    void aStreamOfManyChunksTakesNoMoreMemoryThanAFew() throws Exception {
        long size = 64L << 20;
        com.sun.net.httpserver.HttpHandler large = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[1 << 16];
            try (OutputStream out = exchange.getResponseBody()) {
                for (long sent = 0; sent < size; sent += piece.length) {
                    out.write(piece);
                }
            }
        };
        try (GatewayFixture gateway = new GatewayFixture(b -> b.handler(large))) {
            TestClient.Streamed streamed = gateway.askChunked(TestClient.get(gateway.url("/")));

            assertThat(streamed.length).isEqualTo(size);
            assertThat(streamed.complete).isTrue();
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheHandlerBack() throws Exception {
        AtomicInteger written = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        com.sun.net.httpserver.HttpHandler large = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[1 << 16];
            OutputStream out = exchange.getResponseBody();
            for (int i = 0; i < 4096; i++) {
                out.write(piece);
                written.incrementAndGet();
                begun.countDown();
            }
        };
        try (GatewayFixture gateway = new GatewayFixture(b -> b.handler(large).timeout(Duration.ofSeconds(1)))) {
            ChunkedClientExchange exchange = ChunkedClientExchange.start(gateway.config());
            byte[] request = TestClient.chunked(exchange, TestClient.get(gateway.url("/")));
            HttpResponse<InputStream> response =
                    TestClient.postStream(gateway.uri(), BodyPublishers.ofByteArray(request));

            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            OhttpGatewayIT.awaitEvents(gateway, 1); // let go for making no progress
            assertThat(written.get()).isLessThan(4096);
            response.body().close();
        }
    }

    private static int status(GatewayFixture gateway, byte[] request) throws Exception {
        HttpResponse<InputStream> response = TestClient.postStream(gateway.uri(), BodyPublishers.ofByteArray(request));
        response.body().close();
        return response.statusCode();
    }
}
