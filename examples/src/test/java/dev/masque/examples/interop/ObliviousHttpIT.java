package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.client.Credentials;
import dev.masque.client.Forwarding;
import dev.masque.client.MasqueClient;
import dev.masque.core.Target;
import dev.masque.core.tls.PeerTrust;
import dev.masque.examples.ObliviousRequests;
import dev.masque.ohttp.client.KeySource;
import dev.masque.ohttp.client.OhttpClient;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.relay.OhttpRelay;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelOpened;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** The relay then does not know the client's address either; and the keys that come both ways are the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPageComesThroughATunnelToTheRelay(boolean chunked) throws Exception {
        asked.clear();
        AtomicInteger tunnels = new AtomicInteger();
        ServerListener counting = new ServerListener() {
            @Override
            public void tunnelOpened(TunnelOpened event) {
                tunnels.incrementAndGet();
            }
        };
        try (MasqueServer proxy = MasqueServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .identity(authority.identity())
                        .authenticate(Authenticators.preshared(Map.of("me", "secret")))
                        .accessPolicy(
                                AccessPolicy.builder().allow("127.0.0.0/8").build())
                        .listener(counting)
                        .start();
                MasqueClient masque = MasqueClient.builder()
                        .proxy("https://localhost:" + proxy.port())
                        .trust(PeerTrust.pem(Path.of(authority.authority())))
                        .credentials(Credentials.preshared("secret"))
                        .build();
                Forwarding toRelay = masque.forwardTcp(0, Target.of("127.0.0.1", relayServer.port()));
                Forwarding toKeys = masque.forwardTcp(0, Target.of("127.0.0.1", gatewayServer.port()))) {
            HttpClient http = http(HttpClient.Version.HTTP_2);
            KeySource direct =
                    KeySource.http(http, URI.create("https://localhost:" + gatewayServer.port() + "/ohttp-keys"));
            KeySource tunnelled = KeySource.http(http, local(toKeys, "/ohttp-keys"));
            OhttpClient client = OhttpClient.builder()
                    .httpClient(http)
                    .relay(local(toRelay, "/relay"))
                    .keys(direct.matching(tunnelled))
                    .chunked(chunked)
                    .build();

            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(APPLICATION.resolve("/page?x=4")).build(), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("a page");
            assertThat(asked).singleElement().asString().startsWith("GET /page?x=4 from ");
            assertThat(tunnels).hasValue(2);
        }
    }

    private static URI local(Forwarding forwarding, String path) {
        return URI.create("https://localhost:" + forwarding.localAddress().getPort() + path);
    }
}
