package dev.masque.ohttp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.ohttp.GatewayExchange;
import dev.masque.ohttp.GatewayKeys;
import dev.masque.ohttp.KeyType;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.client.OhttpRequestException.Party;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is to blame. */
@Timeout(60)
class OhttpClientErrorsIT {
    private static final HttpRequest GET =
            HttpRequest.newBuilder(URI.create("https://target.example/secret")).build();
    private static final String KEY_PROBLEM =
            "{\"type\":\"https://iana.org/assignments/http-problem-types#ohttp-key\"}";

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(KeyType.X25519);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static void fails(Party party, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OhttpRequestException.class, e -> assertThat(e.party()).isEqualTo(party))
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("127.0.0.1");
    }

    private void fails(Party party, OhttpClient.Builder client) {
        fails(party, () -> client.build().send(GET, BodyHandlers.ofString()));
    }

    /** An answer whose plain bytes, or whose answer bytes, are other than they should be. */
    private void onWhole(String path, byte[] plain, UnaryOperator<byte[]> change) {
        gateway.on(path, exchange -> {
            GatewayExchange opened = GatewayKeys.of(List.of(gateway.key))
                    .open(ByteBuffer.wrap(exchange.getRequestBody().readAllBytes()));
            byte[] answer = change.apply(TestGateway.bytes(opened.seal(ByteBuffer.wrap(plain))));
            exchange.getResponseHeaders().set("Content-Type", OhttpMediaTypes.RESPONSE);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        });
    }

    @Test
    void aRelayThatIsNotThere() throws Exception {
        URI nowhere;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        }
        fails(Party.RELAY, gateway.client("/").relay(nowhere));
        fails(Party.KEYS, OhttpClient.builder().relay(gateway.uri("/relay")).keys(nowhere));
    }

    @ParameterizedTest
    @CsvSource({
        "404, '', x, y, RELAY_OR_GATEWAY",
        "302, '', location, https://elsewhere.example/, RELAY",
        "502, '', proxy-status, 'relay; error=destination_unavailable', RELAY",
        "400, '', proxy-status, 'relay; received-status=400', GATEWAY",
        "400, '{\"title\":\"x\", \"type\" : \"https://iana.org/assignments/http-problem-types#ohttp-key\"}', x, y, GATEWAY",
        "200, 'hello', content-type, text/plain, RELAY",
        "200, 'hello', content-type, message/ohttp-res-x, RELAY",
    })
    void anAnswerWithoutEncapsulation(int status, String body, String name, String value, Party party) {
        gateway.onPlain("/plain", status, body, name, value);
        for (boolean chunked : new boolean[] {false, true}) {
            assertThatThrownBy(() ->
                            gateway.client("/plain").chunked(chunked).build().send(GET, BodyHandlers.ofString()))
                    .isInstanceOfSatisfying(OhttpRequestException.class, e -> {
                        assertThat(e.party()).isEqualTo(party);
                        assertThat(e.status()).hasValue(status);
                        assertThat(e.problem().isPresent()).isEqualTo(body.contains("type"));
                    });
        }
        assertThat(gateway.outer).hasSize(2); // nothing is sent again
    }

    @Test
    void anAnswerThatWasChangedOrCut() {
        byte[] ok = {1, 0x40, (byte) 0xc8};
        onWhole("/changed", ok, answer -> {
            answer[answer.length - 1] ^= 1;
            return answer;
        });
        onWhole("/cut", ok, answer -> java.util.Arrays.copyOf(answer, answer.length - 1));
        onWhole("/short", ok, answer -> java.util.Arrays.copyOf(answer, 3));
        fails(Party.RELAY_OR_GATEWAY, gateway.client("/changed"));
        fails(Party.RELAY_OR_GATEWAY, gateway.client("/cut"));
        fails(Party.RELAY_OR_GATEWAY, gateway.client("/short"));
    }

    @Test
    void aResponseInChunksWithoutItsLastOne() {
        gateway.onChunked("/cut", true, sink -> sink.write(new byte[1000]));

        fails(Party.RELAY_OR_GATEWAY, gateway.client("/cut").chunked(true));
        assertThatThrownBy(() -> gateway.client("/cut")
                        .chunked(true)
                        .build()
                        .send(GET, BodyHandlers.ofInputStream())
                        .body()
                        .readAllBytes())
                .isInstanceOf(IOException.class)
                .hasRootCauseInstanceOf(dev.masque.ohttp.OhttpException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "01", "0140", "014067", "0140c80100", "0140c803013a0161"})
    void gibberishUnderEncapsulation(String plain) {
        onWhole("/gibberish", java.util.HexFormat.of().parseHex(plain), answer -> answer);

        fails(Party.GATEWAY, gateway.client("/gibberish"));
    }

    @Test
    void aResponseOverTheLimit() {
        gateway.application(request -> TestGateway.text(200, "x".repeat(2000)));
        fails(Party.TARGET, gateway.client("/relay").maxResponse(1999));
        fails(Party.TARGET, gateway.client("/relay").maxResponse(1999).chunked(true));
        gateway.onPlain("/flood", 200, "x".repeat(2 << 20), "content-type", OhttpMediaTypes.RESPONSE);
        fails(Party.TARGET, gateway.client("/flood").maxResponse(1000));
    }

    @Test
    void aRequestOverTheLimitIsNotSent() {
        HttpRequest request = HttpRequest.newBuilder(GET.uri())
                .POST(BodyPublishers.ofString("12345"))
                .build();
        for (boolean chunked : new boolean[] {false, true}) {
            OhttpClient client =
                    gateway.client("/relay").maxRequest(4).chunked(chunked).build();
            assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                    .isInstanceOf(OhttpRequestException.class);
        }
        assertThat(gateway.inner).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatThrowsHalfWayFailsWithItsOwnException(boolean chunked) {
        IOException mine = new IOException("mine");
        InputStream broken = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
                if (left-- > 0) {
                    return 'x';
                }
                throw mine;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                bytes[from] = (byte) read(); // or InputStream would take the exception for the end
                return 1;
            }
        };
        OhttpClient client = gateway.client("/relay").chunked(chunked).build();
        HttpRequest post = HttpRequest.newBuilder(GET.uri())
                .POST(BodyPublishers.ofInputStream(() -> broken))
                .build();

        assertThatThrownBy(() -> client.send(post, BodyHandlers.ofString())).isSameAs(mine);
        assertThat(gateway.inner).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHandlerThatFailsWithAnExceptionOfItsOwn(boolean chunked) {
        IOException mine = new IOException("mine");
        OhttpClient client = gateway.client("/relay").chunked(chunked).build();

        assertThatThrownBy(() -> client.send(
                        GET,
                        info -> BodySubscribers.mapping(BodySubscribers.discarding(), nothing -> {
                            throw new UncheckedIOException(mine);
                        })))
                .hasRootCause(mine)
                .isNotInstanceOf(OhttpRequestException.class);
    }

    @Test
    void aPublisherOrHandlerThatFails() {
        HttpRequest failing = HttpRequest.newBuilder(GET.uri())
                .POST(BodyPublishers.ofInputStream(() -> {
                    throw new IllegalStateException("mine");
                }))
                .build();
        for (boolean chunked : new boolean[] {false, true}) {
            OhttpClient client = gateway.client("/relay").chunked(chunked).build();
            assertThatThrownBy(() -> client.send(failing, BodyHandlers.ofString()))
                    .isInstanceOf(Exception.class);
            assertThatThrownBy(() -> client.send(GET, info -> {
                        throw new IllegalStateException("mine");
                    }))
                    .hasStackTraceContaining("mine");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void silence(boolean chunked) {
        CountDownLatch done = new CountDownLatch(1);
        gateway.on("/silent", exchange -> await(done));
        HttpRequest hasty = HttpRequest.newBuilder(GET.uri())
                .timeout(Duration.ofMillis(300))
                .build();

        assertThatThrownBy(
                        () -> gateway.client("/silent").chunked(chunked).build().send(hasty, BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
        done.countDown();
    }

    @Test
    void silenceAfterTheBeginning() {
        CountDownLatch done = new CountDownLatch(1);
        gateway.onChunked("/stuck", false, sink -> {
            sink.write(new byte[100]);
            await(done);
        });

        assertThatThrownBy(() -> gateway.client("/stuck")
                        .chunked(true)
                        .timeout(Duration.ofSeconds(1))
                        .build()
                        .send(GET, BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
        done.countDown();
    }

    @Test
    void aCallThatIsCancelledEnds() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch broken = new CountDownLatch(1);
        gateway.onChunked("/endless", false, sink -> {
            begun.countDown();
            try {
                while (true) {
                    sink.write(new byte[1 << 16]);
                }
            } catch (IOException e) {
                broken.countDown();
            }
        });
        CompletableFuture<HttpResponse<Void>> response =
                gateway.client("/endless").chunked(true).build().sendAsync(GET, BodyHandlers.discarding());
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        response.cancel(true);

        assertThat(broken.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptEndsTheCall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        gateway.on("/silent", exchange -> {
            begun.countDown();
            await(done);
        });
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        OhttpClient client = gateway.client("/silent").build();
        Thread caller = new Thread(() -> thrown.complete(
                org.assertj.core.api.Assertions.catchThrowable(() -> client.send(GET, BodyHandlers.ofString()))));
        caller.start();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        caller.interrupt();

        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        done.countDown();
    }

    @Test
    void aSourceOfKeysThatThrowsFailsTheCall() {
        OhttpClient client = gateway.client("/relay")
                .keys(() -> {
                    throw new IllegalStateException("mine");
                })
                .build();
        assertThatThrownBy(() -> client.send(GET, BodyHandlers.ofString())).hasMessage("mine");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void keysThatAreNone() {
        gateway.onPlain("/keys-404", 404, "");
        gateway.onPlain("/keys-text", 200, gateway.keys(), "content-type", "text/plain");
        gateway.onPlain("/keys-cut", 200, gateway.keys().substring(1), "content-type", "application/ohttp-keys");
        gateway.onPlain("/keys-empty", 200, "", "content-type", "application/ohttp-keys");
        gateway.onPlain(
                "/keys-huge", 200, gateway.keys() + "x".repeat(70_000), "content-type", "application/ohttp-keys");
        for (String path : List.of("/keys-404", "/keys-text", "/keys-cut", "/keys-empty", "/keys-huge")) {
            fails(Party.KEYS, OhttpClient.builder().relay(gateway.uri("/relay")).keys(gateway.uri(path)));
        }
        fails(Party.KEYS, gateway.client("/relay").keys(ByteBuffer.allocate(0)));
        assertThat(gateway.inner).isEmpty();
    }

    @Test
    void keysThatDifferOnASecondPath() throws Exception {
        try (TestGateway other = new TestGateway(KeyType.X25519)) {
            gateway.onPlain("/a", 200, gateway.keys(), "content-type", "application/ohttp-keys");
            gateway.onPlain("/b", 200, other.keys(), "content-type", "application/ohttp-keys");
            HttpClient http = HttpClient.newHttpClient();
            KeySource a = KeySource.http(http, gateway.uri("/a"));

            fails(Party.KEYS, gateway.client("/relay").keys(a.matching(KeySource.http(http, gateway.uri("/b")))));
            assertThat(gateway.client("/relay")
                            .keys(a.matching(KeySource.of(gateway.key.config())))
                            .build()
                            .send(GET, BodyHandlers.ofString())
                            .body())
                    .isEqualTo("hello");
        }
    }

    @Test
    void aKeyThatTheGatewayRefusesIsLookedForAgainAtTheNextRequest() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        gateway.on("/keys", exchange -> {
            asked.incrementAndGet();
            byte[] keys = gateway.keys().getBytes(StandardCharsets.ISO_8859_1);
            exchange.getResponseHeaders().set("Content-Type", "application/ohttp-keys");
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
        });
        gateway.onPlain("/refusing", 422, KEY_PROBLEM, "content-type", "application/problem+json");
        OhttpClient client = OhttpClient.builder()
                .relay(gateway.uri("/refusing"))
                .keys(gateway.uri("/keys"))
                .build();

        for (int i = 1; i <= 3; i++) {
            fails(Party.GATEWAY, () -> client.send(GET, BodyHandlers.ofString()));
            assertThat(asked).hasValue(i);
        }
        assertThat(gateway.outer).hasSize(6); // no request goes twice
    }
}
