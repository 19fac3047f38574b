package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionLimits;
import dev.masque.server.event.RequestAnswered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SiteTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static ServerHarness proxy(String path, HttpHandler handler) {
        return ServerHarness.open(builder -> builder.handler(path, handler).handlerExecutor(Runnable::run));
    }

    private ServerHarness threaded(HttpHandler handler) {
        return ServerHarness.open(builder -> builder.handler("/", handler).handlerExecutor(threads));
    }

    private static ClientStream request(ServerHarness proxy, String method, String path, String... fields) {
        return proxy.session()
                .request(new RequestHead(method, "https", "proxy.example", path, null, HeaderFields.of(fields)));
    }

    private static RequestHead get(String path) {
        return new RequestHead("GET", "https", "proxy.example", path, null, HeaderFields.empty());
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void aHandlerAnswers() {
        try (ServerHarness proxy = proxy("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            answer(
                    exchange,
                    exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                            + exchange.getRequestHeaders().getFirst("Host"));
        })) {
            ClientStream client = request(proxy, "GET", "/a?b=c");
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.field("content-type")).isEqualTo("text/plain");
            assertThat(client.field("content-length")).isEqualTo("24");
            assertThat(client.field("alt-svc")).isEqualTo("h3=\":443\"; ma=86400");
            assertThat(client.field("server-timing")).startsWith("proxy;dur=");
            assertThat(client.text()).isEqualTo("GET /a?b=c proxy.example");
            assertThat(client.isEnded()).isTrue();
            assertThat(proxy.events.of(RequestAnswered.class).get(0).tunnel()).isEmpty();
        }
    }

    @Test
    void theLongestPathTakesTheRequest() {
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.handlerExecutor(Runnable::run)
                .handler("/a", exchange -> answer(exchange, "a"))
                .handler("/a/b", exchange -> answer(exchange, "ab")))) {
            assertThat(request(proxy, "GET", "/a").text()).isEqualTo("a");
            assertThat(request(proxy, "GET", "/a/x").text()).isEqualTo("a");
            assertThat(request(proxy, "GET", "/a/b?q").text()).isEqualTo("ab");
            assertThat(request(proxy, "GET", "/a/b/c").text()).isEqualTo("ab");
            assertThat(request(proxy, "GET", "/ab").status()).isEqualTo(404);
            assertThat(request(proxy, "GET", "/").status()).isEqualTo(404);
        }
    }

    @Test
    void withoutHandlersEverythingIs404() {
        try (ServerHarness proxy = ServerHarness.open()) {
            ClientStream client = request(proxy, "GET", "/");
            assertThat(client.status()).isEqualTo(404);
            assertThat(client.field("content-length")).isEqualTo("0");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aPathThatIsNoUriIs400() {
        try (ServerHarness proxy = proxy("/", exchange -> answer(exchange, ""))) {
            assertThat(request(proxy, "GET", "/%zz").status()).isEqualTo(400);
            assertThat(request(proxy, "OPTIONS", "*").status()).isEqualTo(404);
        }
    }

    @Test
    void theCredentialForTheProxyIsNotForHandlers() {
        try (ServerHarness proxy = proxy(
                "/",
                exchange -> answer(
                        exchange, String.valueOf(exchange.getRequestHeaders().getFirst("Proxy-Authorization"))))) {
            assertThat(request(proxy, "GET", "/", "proxy-authorization", "Preshared k")
                            .text())
                    .isEqualTo("null");
        }
    }

    @Test
    void aHandlerReadsTheBody() {
        try (ServerHarness proxy = threaded(exchange ->
                answer(exchange, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)))) {
            ClientStream client = request(proxy, "POST", "/");
            client.send("hello ");
            client.send("world");
            client.end();
            await(() -> client.isEnded());
            assertThat(client.text()).isEqualTo("hello world");
        }
    }

    @Test
    void aBodyThatNobodyReadsStopsTheClient() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ServerHarness proxy = threaded(exchange -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer(exchange, Integer.toString(exchange.getRequestBody().readAllBytes().length));
        })) {
            ClientStream client = request(proxy, "POST", "/");
            int sent = client.sendUntilStopped();
            int queued = 128 << 10; // by the client, in front of the stream's window
            int window = SessionLimits.defaults().streamWindow();
            assertThat(sent).isBetween((64 << 10) + window, (64 << 10) + window + queued);
            go.countDown();
            await(client::isWritable);
            client.end();
            await(client::isEnded);
            assertThat(client.text()).isEqualTo(Integer.toString(sent));
        }
    }

    @Test
    void aClientThatDoesNotReadBlocksTheHandlerOnly() {
        AtomicBoolean blocked = new AtomicBoolean(true);
        try (ServerHarness proxy = threaded(exchange -> {
            boolean large = exchange.getRequestURI().getPath().equals("/large");
            answer(exchange, "x".repeat(large ? 200_000 : 1));
            if (large) {
                blocked.set(false);
            }
        })) {
            SessionLimits narrow = SessionLimits.defaults().withWindows(16 << 10, 64 << 10);
            ProxyClient session = proxy.newClient(HttpVersion.HTTP_2, narrow);
            ClientStream client = session.requestUnread(get("/large"));
            await(client::isAnswered);
            ClientStream other = session.request(get("/small"));
            await(other::isEnded);
            assertThat(other.text()).isEqualTo("x");
            assertThat(client.received()).isZero();
            assertThat(blocked).isTrue();
            client.resume();
            await(client::isEnded);
            await(() -> !blocked.get());
            assertThat(client.received()).isEqualTo(200_000);
        }
    }

    @Test
    void aHandlerThatBreaksIs500AndOneThatBreaksLaterResetsTheStream() {
        try (ServerHarness proxy = proxy("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/late")) {
                exchange.sendResponseHeaders(200, 10);
                exchange.getResponseBody().write(1);
            }
            throw new IllegalStateException("secret");
        })) {
            ClientStream early = request(proxy, "GET", "/early");
            assertThat(early.status()).isEqualTo(500);
            assertThat(early.text()).isEmpty();
            ClientStream late = request(proxy, "GET", "/late");
            assertThat(late.failure()).isEqualTo(ResetReason.INTERNAL_ERROR);
        }
    }

    @Test
    void anAnswerWithoutBodyIsComplete() {
        try (ServerHarness proxy = proxy("/", exchange -> exchange.sendResponseHeaders(204, -1))) {
            ClientStream client = request(proxy, "GET", "/");
            assertThat(client.status()).isEqualTo(204);
            assertThat(client.isEnded()).isTrue();
            assertThat(client.response().fields().contains("content-length")).isFalse();
        }
    }

    @Test
    void headHasTheLengthAndNoBody() {
        try (ServerHarness proxy = proxy("/", exchange -> answer(exchange, "12345"))) {
            ClientStream client = request(proxy, "HEAD", "/");
            assertThat(client.field("content-length")).isEqualTo("5");
            assertThat(client.text()).isEmpty();
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aLengthThatIsNotKnownIsNotSaid() {
        try (ServerHarness proxy = proxy("/", exchange -> {
            exchange.getResponseHeaders().add("Transfer-Encoding", "chunked");
            exchange.getResponseHeaders().add("Connection", "close");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("streamed".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().close();
        })) {
            ClientStream client = request(proxy, "GET", "/");
            assertThat(client.response().fields().contains("content-length")).isFalse();
            assertThat(client.response().fields().contains("transfer-encoding")).isFalse();
            assertThat(client.response().fields().contains("connection")).isFalse();
            assertThat(client.text()).isEqualTo("streamed");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void expectContinueIsAnsweredWhenTheBodyIsRead() {
        try (ServerHarness proxy = threaded(exchange ->
                answer(exchange, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)))) {
            ClientStream client = request(proxy, "POST", "/", "expect", "100-continue");
            await(() -> !client.informational().isEmpty());
            client.send("body");
            client.end();
            await(() -> client.isEnded());
            assertThat(client.text()).isEqualTo("body");
        }
    }

    @Test
    void requestsAtOnceAreBounded() {
        CountDownLatch go = new CountDownLatch(1);
        try (ServerHarness proxy = ServerHarness.open(builder -> builder.handlerExecutor(threads)
                .limits(ServerLimits.defaults().withMaxRequests(1))
                .handler("/", exchange -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    answer(exchange, "done");
                }))) {
            ClientStream first = request(proxy, "GET", "/");
            assertThat(request(proxy, "GET", "/").status()).isEqualTo(503);
            go.countDown();
            await(() -> first.isEnded());
            await(() -> {
                ClientStream next = request(proxy, "GET", "/");
                return !next.isAnswered() || next.status() == 200;
            });
        }
    }

    @Test
    void aClientThatLeavesUnblocksTheHandler() {
        CountDownLatch failed = new CountDownLatch(1);
        try (ServerHarness proxy = threaded(exchange -> {
            try {
                exchange.getRequestBody().readAllBytes();
            } catch (IOException e) {
                failed.countDown();
                throw e;
            }
        })) {
            ClientStream client = request(proxy, "POST", "/");
            client.reset(ResetReason.CANCEL);
            await(() -> failed.getCount() == 0);
        }
    }
}
