package dev.masque.ohttp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.exchange.Site;
import dev.masque.ohttp.exchange.TestClient;
import dev.masque.ohttp.gateway.KeyRing;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.relay.OhttpRelay;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What malicious and broken clients send, through a relay to a gateway: the right status, and nothing of it for the application. */
@Timeout(120)
class BadInputIT {
    private static final String PAGE = "https://app.example/page";

    private final AtomicInteger served = new AtomicInteger();
    private final KeyRing ring = KeyRing.builder().build();
    private Site gatewaySite;
    private Site relaySite;
    private OhttpGateway gateway;
    private OhttpRelay relay;

    @SuppressWarnings("NullAway.Init") // start()
    BadInputIT() throws IOException {}

    @BeforeEach
    void start() throws Exception {
        gateway = OhttpGateway.builder()
                .keys(ring)
                .allow(URI.create("https://app.example"))
                .maxMessage(100_000, 100_000)
                .maxStream(200_000)
                .timeout(Duration.ofSeconds(2))
                .handler(exchange -> {
                    byte[] content = exchange.getRequestBody().readAllBytes();
                    served.incrementAndGet();
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(content);
                    exchange.close();
                })
                .build();
        gatewaySite = new Site().at("/gateway", gateway.requestHandler());
        relay = OhttpRelay.builder()
                .gateway(gatewaySite.uri("/gateway"))
                .gateway("silent", gatewaySite.uri("/silent"))
                .gateway("drip", gatewaySite.uri("/drip"))
                .gateway("half", gatewaySite.uri("/half"))
                .maxMessage(150_000, 150_000)
                .maxStream(300_000)
                .timeout(Duration.ofSeconds(2))
                .build();
        relaySite = new Site().at("/relay", relay);
    }

    @AfterEach
    void stop() {
        relaySite.close();
        gatewaySite.close();
        relay.close();
        gateway.close();
    }

    private KeyConfig config() throws IOException {
        return KeyConfig.parseList(ring.published()).get(0);
    }

    private BinaryRequest request() {
        return TestClient.request("POST", PAGE, "twelve bytes");
    }

    private int post(byte[] content) throws Exception {
        return TestClient.post(relaySite.uri("/relay"), OhttpMediaTypes.REQUEST, ByteBuffer.wrap(content))
                .statusCode();
    }

    /** The status outside, or the one inside if that was 200. */
    private int postChunked(ChunkedClientExchange exchange, byte[] content) throws Exception {
        HttpResponse<InputStream> response =
                TestClient.postStream(relaySite.uri("/relay"), BodyPublishers.ofByteArray(content));
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                return response.statusCode();
            }
            TestClient.Streamed streamed = new TestClient.Streamed(exchange);
            streamed.feed(body.readAllBytes());
            streamed.end();
            return streamed.status();
        }
    }

    @Test
    void aRequestCutAnywhereIsRefused() throws Exception {
        byte[] sealed = sealed();
        for (int length = 0; length < sealed.length; length++) {
            int header = 7 + 32 + 16; // key, suite, encapsulated key, tag
            assertThat(post(Arrays.copyOf(sealed, length)))
                    .as("cut to " + length)
                    .isEqualTo(length < header ? 400 : 422);
        }
        assertThat(served).hasValue(0);
        assertThat(post(sealed)).isEqualTo(200);
        assertThat(served).hasValue(1);
    }

    @Test
    void aRequestGrownOrChangedAnywhereIsRefused() throws Exception {
        byte[] sealed = sealed();
        assertThat(post(Arrays.copyOf(sealed, sealed.length + 1))).isEqualTo(422);
        for (int at = 0; at < sealed.length; at++) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            assertThat(post(changed)).as("changed at " + at).isEqualTo(422);
        }
        byte[] zeros = sealed.clone();
        Arrays.fill(zeros, 7, 39, (byte) 0);
        assertThat(post(zeros)).isEqualTo(422);
        assertThat(served).hasValue(0);
    }

    @Test
    void aRequestInChunksCutAnywhereIsRefused() throws Exception {
        ChunkedClientExchange exchange = ChunkedClientExchange.start(config());
        byte[] whole = TestClient.chunked(exchange, request());
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(postChunked(exchange, cut)).as("cut to " + length).isIn(400, 422);
        }
        assertThat(served).hasValue(0);
    }

    /** In the place of the final chunk, or after it. */
    @ParameterizedTest
    @CsvSource({
        "an empty chunk that is not final, 10, false",
        "a chunk shorter than its tag, 0f, false",
        "a chunk over the limit, 80004011, false",
        "a giant chunk, ffffffffffffffff, false",
        "a chunk after the final one, 11, true"
    })
    void chunksThatAreNoneAreRefusedInside(String what, String length, boolean after) throws Exception {
        ChunkedClientExchange exchange = ChunkedClientExchange.start(config());
        byte[] whole = TestClient.chunked(exchange, request());
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(whole, 0, after ? whole.length : whole.length - 18); // the final chunk: 00, a byte, its tag
        message.writeBytes(HexFormat.of().parseHex(length));
        message.writeBytes(new byte[17]);

        assertThat(postChunked(exchange, message.toByteArray())).as(what).isEqualTo(400);
        assertThat(served).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx-evil: 1", "a\nb", "a\u0000b", " a", "a\t"})
    void fieldsThatWouldBecomeOthersAreRefusedInside(String value) throws Exception {
        String name = "x";
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        plain.write(0); // a request of known length
        for (String part : List.of("POST", "https", "app.example", "/page")) {
            plain.write(part.length());
            plain.writeBytes(part.getBytes(US_ASCII));
        }
        plain.write(2 + name.length() + value.length());
        plain.write(name.length());
        plain.writeBytes(name.getBytes(US_ASCII));
        plain.write(value.length());
        plain.writeBytes(value.getBytes(US_ASCII));
        ClientExchange exchange = ClientExchange.start(config());

        HttpResponse<byte[]> answer = TestClient.post(
                relaySite.uri("/relay"), OhttpMediaTypes.REQUEST, exchange.seal(ByteBuffer.wrap(plain.toByteArray())));

        assertThat(answer.statusCode()).isEqualTo(200);
        BinaryResponse inside =
                BinaryResponse.decode(exchange.open(ByteBuffer.wrap(answer.body())), BinaryHttpLimits.DEFAULT);
        assertThat(inside.head().status()).isEqualTo(400);
        assertThat(inside.head().fields().first("proxy-status")).contains("ohttp-gateway; error=http_request_error");
        assertThat(served).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReplayedRequestIsServedOnceHoweverManyComeAtOnce(boolean chunked) throws Exception {
        ChunkedClientExchange exchange = ChunkedClientExchange.start(config());
        byte[] message = chunked ? TestClient.chunked(exchange, request()) : sealed();
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try {
            Callable<Integer> once = () -> chunked ? postChunked(exchange, message) : post(message);
            List<Future<Integer>> all =
                    threads.invokeAll(IntStream.range(0, 64).mapToObj(i -> once).toList(), 60, TimeUnit.SECONDS);
            for (Future<Integer> one : all) {
                assertThat(one.get()).isIn(200, 400);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(served).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"message/ohttp-req, /relay", "message/ohttp-chunked-req, /relay"})
    void aRequestWithoutEndIsRefusedOnceItIsTooLarge(String mediaType, String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relaySite.port())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(head(path, mediaType));
            byte[] piece = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(US_ASCII);
            int sent = 0;
            try {
                for (; sent < 10_000; sent++) { // 40 MB
                    out.write(piece);
                }
            } catch (IOException e) {
                // it does not want any more
            }
            assertThat(sent).isLessThan(10_000);
        }
        assertThat(served).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message/ohttp-req", "message/ohttp-chunked-req"})
    void aClientThatFallsSilentIsLetGo(String mediaType) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relaySite.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(head("/relay", mediaType));
            socket.getOutputStream().write("3\r\nabc\r\n".getBytes(US_ASCII));

            byte[] answer = socket.getInputStream().readNBytes(12);
            assertThat(new String(answer, US_ASCII)).isIn("", "HTTP/1.1 400", "HTTP/1.1 408", "HTTP/1.1 504");
        }
        assertThat(served).hasValue(0);
    }

    /** Nothing, a beginning, or a byte now and then: the relay waits for none of them for ever. */
    @ParameterizedTest
    @CsvSource({
        "silent, message/ohttp-req", "silent, message/ohttp-chunked-req",
        "half, message/ohttp-req", "half, message/ohttp-chunked-req",
        "drip, message/ohttp-req"
    })
    void aGatewayThatFallsSilentIsGivenUp(String endpoint, String mediaType) throws Exception {
        String answer = mediaType.replace("req", "res");
        gatewaySite
                .at("/silent", exchange -> pause(exchange.getRequestBody(), 20))
                .at("/half", exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", answer);
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write(new byte[50]);
                    exchange.getResponseBody().flush();
                    pause(exchange.getRequestBody(), 20);
                })
                .at("/drip", exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", answer);
                    exchange.sendResponseHeaders(200, 100);
                    for (int i = 0; i < 100; i++) {
                        exchange.getResponseBody().write(1);
                        exchange.getResponseBody().flush();
                        pause(InputStream.nullInputStream(), 1);
                    }
                });
        URI uri = relaySite.uri("/relay/" + endpoint);

        if (endpoint.equals("half") && mediaType.contains("chunked")) { // its beginning has been passed on
            assertThatThrownBy(() -> TestClient.post(uri, mediaType, ByteBuffer.wrap(sealed())))
                    .isInstanceOf(IOException.class);
        } else {
            assertThat(TestClient.post(uri, mediaType, ByteBuffer.wrap(sealed()))
                            .statusCode())
                    .isEqualTo(504);
        }
    }

    private byte[] sealed() throws Exception {
        ByteBuffer sealed =
                ClientExchange.start(config()).seal(request().encode(dev.masque.ohttp.bhttp.Framing.KNOWN_LENGTH));
        byte[] bytes = new byte[sealed.remaining()];
        sealed.get(bytes);
        return bytes;
    }

    private static byte[] head(String path, String mediaType) {
        return ("POST " + path + " HTTP/1.1\r\nHost: relay\r\nContent-Type: " + mediaType
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(US_ASCII);
    }

    private static void pause(InputStream request, int seconds) throws IOException {
        request.readAllBytes();
        try {
            TimeUnit.SECONDS.sleep(seconds); // longer than anybody may take
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
