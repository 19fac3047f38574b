package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.examples.ObliviousRequests;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.relay.OhttpRelay;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.auth.Authenticators;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tech.kwik.flupke.Http3ClientBuilder;

/** Oblivious HTTP on our own server: a relay and a gateway as its handlers, and the JDK's client between them. */
class ObliviousHttpIT extends Interop {
    private static final URI APPLICATION = URI.create("https://app.example");

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private OhttpGateway gateway;
    private OhttpRelay relay;
    private MasqueServer gatewayServer;
    private MasqueServer relayServer;

    @SuppressWarnings("NullAway.Init") // start()
    ObliviousHttpIT() {}

    @BeforeAll
    void start() throws Exception {
        gateway = ObliviousRequests.gateway(folder.resolve("ohttp-keys"), APPLICATION, exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " from "
                    + exchange.getRequestHeaders().keySet());
            byte[] body = "a page".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        gatewayServer = ObliviousRequests.serve(site(), gateway).start();
        relay = OhttpRelay.builder()
                .client(http(HttpClient.Version.HTTP_2))
                .gateway(URI.create("https://localhost:" + gatewayServer.port() + "/gateway"))
                .build();
        relayServer = ObliviousRequests.serve(site(), relay).start();
    }

    private MasqueServerBuilder site() {
        return MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(authority.identity())
                .authenticate(Authenticators.preshared(Map.of("nobody", "nobody")));
    }

    private HttpClient http(HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(authority.trusting())
                .build();
    }

    @AfterAll
    void stop() {
        for (AutoCloseable one : new AutoCloseable[] {relayServer, relay, gatewayServer, gateway}) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** On the client of flupke, which is a client of the JDK to look at. */
    @Test
    void aPageComesOverHttp3() throws Exception {
        asked.clear();
        HttpClient http3 = new Http3ClientBuilder()
                .trustManager(FlupkeTestedClient.trust(authority))
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        HttpResponse<String> response = ObliviousRequests.get(
                http3,
                URI.create("https://localhost:" + relayServer.port() + "/relay"),
                URI.create("https://localhost:" + gatewayServer.port() + "/ohttp-keys"),
                APPLICATION.resolve("/page?x=3"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("a page");
        assertThat(asked).singleElement().asString().startsWith("GET /page?x=3 from ");
    }

    @ParameterizedTest
    @EnumSource
    void aPageComesThroughRelayAndGateway(HttpClient.Version version) throws Exception {
        asked.clear();
        HttpResponse<String> response = ObliviousRequests.get(
                http(version),
                URI.create("https://localhost:" + relayServer.port() + "/relay"),
                URI.create("https://localhost:" + gatewayServer.port() + "/ohttp-keys"),
                APPLICATION.resolve("/page?x=1"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("a page");
        assertThat(asked)
                .singleElement()
                .asString()
                .startsWith("GET /page?x=1 from ")
                .doesNotContain("User-agent");
    }
}
