package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import dev.masque.server.MasqueServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tech.kwik.flupke.Http3ClientBuilder;
import tech.kwik.flupke.server.HttpRequestHandler;
import tech.kwik.flupke.server.HttpServerRequest;
import tech.kwik.flupke.server.HttpServerResponse;

/** A site that was written for flupke, in a server of ours; and flupke's client, which asks for it. */
@Timeout(60)
class FlupkeIT {
    private static final byte[] LARGE = new byte[300_000];

    private final Transport transport = new KwikTransportProvider().create();
    private MasqueServer server;

    /** As one finds them. */
    private static final class Site implements HttpRequestHandler {
        @Override
        public void handleRequest(HttpServerRequest request, HttpServerResponse response) throws IOException {
            switch (request.path()) {
                case "/hello?a=b" -> {
                    response.setStatus(200);
                    response.addHeader("Content-Type", "text/plain");
                    response.addHeader("x-many", List.of("1", "2"));
                    String said = request.method() + " " + request.authority().startsWith("localhost") + " "
                            + request.headers().firstValue("x-asked").orElse("nothing") + " "
                            + request.clientAddress().isLoopbackAddress();
                    response.getOutputStream().write(said.getBytes(StandardCharsets.UTF_8));
                    assertThat(response.size()).isEqualTo(said.length());
                }
                case "/echo" -> {
                    byte[] body = request.body().readAllBytes();
                    response.setHeaders(HttpHeaders.of(Map.of("x-length", List.of("" + body.length)), (a, b) -> true));
                    response.setStatus(201);
                    response.getOutputStream().write(body);
                }
                case "/large" -> {
                    response.setStatus(200);
                    response.getOutputStream().write(LARGE);
                }
                case "/nothing" -> response.setStatus(204);
                case "/no-status" -> assertThat(response.isStatusSet()).isFalse();
                case "/odd" -> response.setStatus(777);
                default -> throw new IOException("on purpose");
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .versions(HttpVersion.HTTP_3)
                .transports(new KwikTransportProvider())
                .identity(Loopback.PKI.identity())
                .openToEveryone()
                .handler("/", FlupkeHandlers.adapt(new Site()))
                .start();
    }

    @AfterEach
    void stop() {
        transport.close();
        server.close();
    }

    private HttpSession session() throws Exception {
        return transport
                .connect(
                        new ConnectOptions(
                                server.addresses().get(0),
                                "localhost",
                                List.of(HttpVersion.HTTP_3),
                                Loopback.PKI.trust(),
                                Duration.ofSeconds(10),
                                SessionLimits.defaults()),
                        new Loopback.Client())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private RecordingStream ask(String method, String path, byte[] content) throws Exception {
        RecordingStream events = new RecordingStream();
        RequestHead head = new RequestHead(
                method, "https", "localhost:" + server.port(), path, null, HeaderFields.of("x-asked", "yes"));
        HttpStream stream = session().open(head, s -> events);
        stream.resume();
        stream.write(ByteBuffer.wrap(content));
        stream.end();
        assertThat(events.closed.get(20, TimeUnit.SECONDS)).isNull();
        return events;
    }

    @Test
    void aHandlerSeesTheRequestAndAnswers() throws Exception {
        RecordingStream events = ask("GET", "/hello?a=b", new byte[0]);
        HeaderFields fields = events.response.get().fields();
        assertThat(events.response.get().status()).isEqualTo(200);
        assertThat(fields.first("content-type")).isEqualTo("text/plain");
        assertThat(fields.all("x-many")).containsExactly("1", "2");
        assertThat(events.await(0)).asString(StandardCharsets.UTF_8).isEqualTo("GET true yes true");
    }

    @Test
    void contentTravelsBothWays() throws Exception {
        RecordingStream events = ask("POST", "/echo", LARGE);
        assertThat(events.response.get().status()).isEqualTo(201);
        assertThat(events.response.get().fields().first("x-length")).isEqualTo("" + LARGE.length);
        assertThat(events.await(0)).isEqualTo(LARGE);
    }

    @Test
    void noContentNoStatusAndStatusesThatAreNone() throws Exception {
        RecordingStream nothing = ask("GET", "/nothing", new byte[0]);
        assertThat(nothing.response.get().status()).isEqualTo(204);
        assertThat(nothing.await(0)).isEmpty();
        assertThat(ask("GET", "/no-status", new byte[0]).response.get().status())
                .isEqualTo(500);
        assertThat(ask("GET", "/odd", new byte[0]).response.get().status()).isEqualTo(500);
        assertThat(ask("GET", "/fails", new byte[0]).response.get().status()).isEqualTo(500);
    }

    @Test
    void flupkesClientIsServed() throws Exception {
        HttpClient client = new Http3ClientBuilder()
                .trustManager(Loopback.PKI.trust())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        URI base = URI.create("https://localhost:" + server.port());
        HttpResponse<byte[]> large = client.send(
                HttpRequest.newBuilder(base.resolve("/large")).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(large.statusCode()).isEqualTo(200);
        assertThat(large.body()).isEqualTo(LARGE);
        HttpResponse<String> hello = client.send(
                HttpRequest.newBuilder(base.resolve("/hello?a=b"))
                        .header("X-Asked", "politely")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(hello.body()).isEqualTo("GET true politely true");
        HttpResponse<String> echo = client.send(
                HttpRequest.newBuilder(base.resolve("/echo"))
                        .POST(HttpRequest.BodyPublishers.ofString("some content"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(echo.statusCode()).isEqualTo(201);
        assertThat(Objects.requireNonNull(echo.body())).isEqualTo("some content");
    }
}
