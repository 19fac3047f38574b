package dev.masque.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.core.HttpVersion;
import dev.masque.core.tls.Identities;
import dev.masque.ohttp.client.OhttpClient;
import dev.masque.ohttp.gateway.KeyRing;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.relay.OhttpRelay;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.auth.AuthenticationResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** A relay, and a gateway before an application, each on a server of its own, all in this process; and ways to ask. */
final class OhttpRoute {
    private static final URI APPLICATION = URI.create("https://app.example/");
    private static final byte[] PAGE = new byte[1000];
    private static final int PIECE = 64 << 10;

    private final Map<String, Set<String>> legs = new ConcurrentSkipListMap<>();
    private final Map<String, Set<InetSocketAddress>> connections = new ConcurrentHashMap<>();
    private final HttpClient http;
    private final URI plain;
    private final OhttpClient whole;
    private final OhttpClient chunked;

    OhttpRoute(Lab lab) throws IOException, GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {lab.identity().trust()}, null);
        this.http = HttpClient.newBuilder().sslContext(tls).build();
        OhttpGateway gateway = lab.keep(OhttpGateway.builder()
                .keys(KeyRing.builder().build())
                .allow(APPLICATION)
                .handler(OhttpRoute::answer)
                .build());
        MasqueServer site = lab.keep(site(lab)
                .handler("/plain", seen("without", OhttpRoute::answer))
                .handler("/gateway", seen("relay to gateway", gateway.requestHandler()))
                .handler("/ohttp-keys", gateway.keysHandler())
                .start());
        this.plain = uri(site, "/plain");
        OhttpRelay relay = lab.keep(OhttpRelay.builder()
                .client(HttpClient.newBuilder().sslContext(tls).build())
                .gateway(uri(site, "/gateway"))
                .build());
        MasqueServer before = lab.keep(
                site(lab).handler("/relay", seen("client to relay", relay)).start());
        OhttpClient.Builder client = OhttpClient.builder()
                .httpClient(http)
                .relay(uri(before, "/relay"))
                .keys(uri(site, "/ohttp-keys"));
        this.whole = client.chunked(false).build();
        this.chunked = client.chunked(true).build();
    }

    private static MasqueServerBuilder site(Lab lab) throws IOException {
        return MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(Identities.fromPem(
                        lab.identity().certificate(), lab.identity().key()))
                .authenticate(request -> CompletableFuture.completedFuture(new AuthenticationResult.Absent()))
                .versions(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
    }

    private static URI uri(MasqueServer server, String path) {
        return URI.create("https://localhost:" + server.port() + path);
    }

    /** Notes the protocol and the connection of each leg. */
    private HttpHandler seen(String leg, HttpHandler handler) {
        return exchange -> {
            legs.computeIfAbsent(leg, first -> new ConcurrentSkipListSet<>()).add(exchange.getProtocol());
            connections
                    .computeIfAbsent(leg, first -> ConcurrentHashMap.newKeySet())
                    .add(exchange.getRemoteAddress());
            handler.handle(exchange);
        };
    }

    /** What each leg went over so far, and on how many connections. */
    String legs() {
        return legs.entrySet().stream()
                .map(leg -> leg.getKey() + ": " + String.join(" and ", leg.getValue()) + " on "
                        + Objects.requireNonNull(connections.get(leg.getKey())).size() + " connection(s)")
                .collect(Collectors.joining("; "));
    }

    /** A page, or as many bytes as the path says. */
    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!path.matches("/[0-9]+")) {
                exchange.sendResponseHeaders(200, PAGE.length);
                exchange.getResponseBody().write(PAGE);
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[PIECE];
            OutputStream out = exchange.getResponseBody();
            for (long left = Long.parseLong(path.substring(1)); left > 0; left -= piece.length) {
                out.write(piece);
            }
        }
    }

    /** The page without relay and gateway. */
    void askPlain() throws IOException, InterruptedException {
        check(http.send(HttpRequest.newBuilder(plain).build(), BodyHandlers.ofByteArray()));
    }

    /** The page through both. */
    void ask(boolean inChunks) throws IOException, InterruptedException {
        check((inChunks ? chunked : whole)
                .send(HttpRequest.newBuilder(APPLICATION).build(), BodyHandlers.ofByteArray()));
    }

    private static void check(HttpResponse<byte[]> response) throws IOException {
        if (response.statusCode() != 200 || response.body().length != PAGE.length) {
            throw new IOException("not the page, but " + response.statusCode());
        }
    }

    /** A long response in chunks. */
    InputStream stream(long bytes) throws IOException, InterruptedException {
        return chunked.send(
                        HttpRequest.newBuilder(APPLICATION.resolve("/" + bytes)).build(), BodyHandlers.ofInputStream())
                .body();
    }
}
