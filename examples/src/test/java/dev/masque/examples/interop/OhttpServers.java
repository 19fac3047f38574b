package dev.masque.examples.interop;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.gateway.KeyRing;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.relay.OhttpRelay;
import dev.masque.server.MasqueServer;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A relay and a gateway of ours, each on a server of its own, before an application that echoes. */
final class OhttpServers implements AutoCloseable {
    static final URI APPLICATION = URI.create("https://app.example/echo?x=1");

    /** The fields that came to the gateway, exchange by exchange. */
    final Queue<Headers> atGateway = new ConcurrentLinkedQueue<>();

    private final TestAuthority authority;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final KeyRing keys;
    private final MasqueServer gatewayServer;
    private final MasqueServer relayServer;

    OhttpServers(TestAuthority authority) throws Exception {
        this.authority = authority;
        this.keys = KeyRing.builder().build();
        OhttpGateway gateway = opened(OhttpGateway.builder()
                .keys(keys)
                .allow(APPLICATION.resolve("/"))
                .handler(OhttpServers::echo)
                .build());
        this.gatewayServer = opened(MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(authority.identity())
                .authenticate(Authenticators.preshared(Map.of("nobody", "nobody")))
                .handler("/ohttp-keys", gateway.keysHandler())
                .handler("/gateway", watched(gateway.requestHandler()))
                .start());
        this.relayServer = relayTo(URI.create("https://localhost:" + gatewayServer.port() + "/gateway"));
    }

    /** A server with a relay to a gateway at /relay. */
    MasqueServer relayTo(URI gateway) throws Exception {
        OhttpRelay relay = opened(OhttpRelay.builder()
                .client(http(HttpClient.Version.HTTP_2))
                .gateway(gateway)
                .build());
        return opened(MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(authority.identity())
                .authenticate(Authenticators.preshared(Map.of("nobody", "nobody")))
                .handler("/relay", relay)
                .start());
    }

    HttpClient http(HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(authority.trusting())
                .build();
    }

    int relayPort() {
        return relayServer.port();
    }

    URI relay() {
        return URI.create("https://localhost:" + relayServer.port() + "/relay");
    }

    URI keys() {
        return URI.create("https://localhost:" + gatewayServer.port() + "/ohttp-keys");
    }

    /** The keys in a file. */
    Path keysFile(Path folder) throws IOException {
        ByteBuffer published = keys.published();
        byte[] bytes = new byte[published.remaining()];
        published.get(bytes);
        return Files.write(folder.resolve("keys"), bytes);
    }

    private HttpHandler watched(HttpHandler handler) {
        return exchange -> {
            Headers copy = new Headers();
            copy.putAll(exchange.getRequestHeaders());
            atGateway.add(copy);
            handler.handle(exchange);
        };
    }

    private static void echo(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] content = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("X-Asked", exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getResponseHeaders()
                    .set("X-From", String.valueOf(exchange.getRequestHeaders().getFirst("X-From")));
            exchange.sendResponseHeaders(201, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(0, one);
        return one;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
