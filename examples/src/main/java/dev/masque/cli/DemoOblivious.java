package dev.masque.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.core.HttpVersion;
import dev.masque.core.tls.PeerTrust;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.client.OhttpClient;
import dev.masque.ohttp.gateway.KeyRing;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.relay.OhttpRelay;
import dev.masque.server.MasqueServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of the demonstration about Oblivious HTTP: a client, a relay, a gateway, a target, and what each of them saw. */
final class DemoOblivious implements AutoCloseable {
    private static final String QUESTION = "/clinics?for=a-rash";
    private static final String CONTENT = "my symptoms";
    private static final String SECRET = "rash";
    private static final String ANSWER = "the answer for the rash";
    private static final String ROW = "  %-8s %-18s %s%n";

    private final HttpVersion version;
    private final HttpClient http;
    private final OhttpGateway gateway;
    private final OhttpRelay relay;
    private final DemoWitness atTarget = new DemoWitness(DemoOblivious::answer);
    private final DemoWitness atGateway;
    private final DemoWitness atRelay;
    private final MasqueServer targetSite;
    private final MasqueServer gatewaySite;
    private final MasqueServer relaySite;

    private DemoOblivious(HttpVersion version, SelfSigned certificates, Path directory) throws IOException {
        this.version = version;
        this.http = JdkClient.trusting(PeerTrust.pem(directory.resolve("ca.pem")), version);
        this.targetSite = site(certificates, "/", atTarget);
        this.gateway = OhttpGateway.builder()
                .keys(KeyRing.builder().build())
                .allow(uri(targetSite, ""))
                .client(http)
                .build();
        this.atGateway = new DemoWitness(gateway.requestHandler());
        this.gatewaySite = site(
                certificates,
                "/",
                exchange -> (exchange.getRequestMethod().equals("GET") ? gateway.keysHandler() : atGateway)
                        .handle(exchange));
        this.relay = OhttpRelay.builder()
                .gateway(uri(gatewaySite, "/gateway"))
                .client(http)
                .build();
        this.atRelay = new DemoWitness(relay);
        this.relaySite = site(certificates, "/relay", atRelay);
    }

    /** Runs it over the newest of these versions that the JDK's client speaks, if there is one. */
    static List<DemoResult> run(List<HttpVersion> versions, SelfSigned certificates, Path directory, PrintWriter out)
            throws IOException {
        Optional<HttpVersion> version = List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1).stream()
                .filter(versions::contains)
                .findFirst();
        if (version.isEmpty()) {
            return List.of();
        }
        out.println("... oblivious http over " + version.get().alpn());
        out.flush();
        try (DemoOblivious demo = new DemoOblivious(version.get(), certificates, directory)) {
            List<DemoResult> results = new ArrayList<>();
            results.add(demo.timed("oblivious request", () -> demo.ask(false)));
            results.add(demo.timed("nobody is known", demo::compare));
            demo.print(out);
            results.add(demo.timed("replayed request", demo::replay));
            results.add(demo.timed("oblivious, chunked", () -> demo.ask(true)));
            results.add(demo.timed("foreign target", demo::elsewhere));
            return results;
        }
    }

    private DemoResult timed(String name, DemoResult.Step step) {
        return DemoResult.timed(version.alpn(), name, step);
    }

    /** A question and its answer; the relay must not have been able to read either. */
    private String ask(boolean chunked) throws IOException, InterruptedException {
        HttpResponse<String> response = send(uri(targetSite, QUESTION), chunked);
        if (response.statusCode() != 200 || !response.body().equals(ANSWER)) {
            throw new IOException("not the answer: " + response.statusCode());
        }
        DemoWitness.Sight seen = atRelay.last();
        if (seen.shows(SECRET) || seen.shows(CONTENT) || !atTarget.last().shows(CONTENT)) {
            throw new IOException("the relay saw what it must not see");
        }
        return "200; the relay saw " + seen.received().size() + " and "
                + seen.sent().size() + " sealed bytes" + (chunked ? ", in chunks" : "");
    }

    /** Nothing that the client has told may be left where the question is. */
    private String compare() throws IOException {
        InetSocketAddress client = atRelay.last().peer();
        for (DemoWitness.Sight seen : List.of(atGateway.last(), atTarget.last())) {
            if (seen.peer().equals(client) || seen.shows("demo-cookie") || seen.shows("demo-agent")) {
                throw new IOException("gateway or target saw something of the client");
            }
        }
        return "neither gateway nor target saw its address, cookie or user agent";
    }

    /** What the relay wrote down is of no use: the gateway opens nothing twice. */
    private String replay() throws IOException, InterruptedException {
        int asked = atTarget.count();
        int opened = atGateway.count();
        HttpRequest again = HttpRequest.newBuilder(uri(relaySite, "/relay"))
                .header("Content-Type", OhttpMediaTypes.REQUEST)
                .POST(BodyPublishers.ofByteArray(atRelay.last().received().toByteArray()))
                .build();
        int status = http.send(again, BodyHandlers.discarding()).statusCode();
        if (atTarget.count() != asked || atGateway.count() != opened + 1) {
            throw new IOException("the target was asked again");
        }
        return status + ", and the target was not asked again";
    }

    /** A gateway is no open proxy. */
    private String elsewhere() throws IOException, InterruptedException {
        HttpResponse<String> response = send(URI.create("https://elsewhere.example/"), false);
        if (response.statusCode() != 403) {
            throw new IOException("not refused: " + response.statusCode());
        }
        return "403 of the gateway, sealed too";
    }

    private HttpResponse<String> send(URI page, boolean chunked) throws IOException, InterruptedException {
        return OhttpClient.builder()
                .httpClient(http)
                .relay(uri(relaySite, "/relay"))
                .keys(uri(gatewaySite, "/ohttp-keys"))
                .chunked(chunked)
                .build()
                .send(
                        HttpRequest.newBuilder(page)
                                .POST(BodyPublishers.ofString(CONTENT))
                                .header("Cookie", "demo-cookie")
                                .header("User-Agent", "demo-agent")
                                .build(),
                        BodyHandlers.ofString());
    }

    private void print(PrintWriter out) throws IOException {
        out.printf(ROW, "", "came from", "saw");
        DemoWitness.Sight relayed = atRelay.last();
        DemoWitness.Sight opened = atGateway.last();
        DemoWitness.Sight asked = atTarget.last();
        out.printf(ROW, "relay", address(relayed), relayed.received().size() + " sealed bytes for the gateway");
        out.printf(ROW, "gateway", address(opened), "the same bytes, which it opened; fields " + names(opened));
        out.printf(ROW, "target", address(asked), asked.request() + "; fields " + names(asked));
        out.flush();
    }

    private static String address(DemoWitness.Sight sight) {
        return HostPort.format(sight.peer());
    }

    private static String names(DemoWitness.Sight sight) {
        return String.join(", ", sight.fields().keySet());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] page = ANSWER.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    private static MasqueServer site(SelfSigned certificates, String path, HttpHandler handler) throws IOException {
        return MasqueServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(certificates.identity())
                .authenticate(new NoTunnels())
                .versions(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)
                .handler(path, handler)
                .start();
    }

    private static URI uri(MasqueServer server, String path) {
        return URI.create("https://localhost:" + server.port() + path);
    }

    @Override
    public void close() {
        relaySite.close();
        gatewaySite.close();
        targetSite.close();
        relay.close();
        gateway.close();
    }
}
