package dev.masque.examples;

import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.client.OhttpClient;
import dev.masque.ohttp.gateway.KeyRing;
import dev.masque.ohttp.gateway.OhttpGateway;
import dev.masque.ohttp.relay.OhttpRelay;
import dev.masque.server.MasqueServerBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** Requests whose content the relay cannot read and whose sender the gateway cannot know: Oblivious HTTP, RFC 9458. */
public final class ObliviousRequests {
    private ObliviousRequests() {}

    /**
     * An application that is its own gateway.
     *
     * @param directory where the gateway keeps its keys
     * @param origin under which clients know the application
     * @param application what answers requests
     * @return a gateway, to be closed by the caller
     * @throws IOException if the keys cannot be kept
     */
    public static OhttpGateway gateway(Path directory, URI origin, HttpHandler application) throws IOException {
        // tag::gateway[]
        return OhttpGateway.builder()
                .keys(KeyRing.builder().store(directory).build())
                .allow(origin)
                .handler(application) // leave it out, and the gateway asks the origin by HTTP
                .build();
        // end::gateway[]
    }

    /**
     * Serves a gateway.
     *
     * @param server a server that is being set up
     * @param gateway the gateway
     * @return the same server
     */
    public static MasqueServerBuilder serve(MasqueServerBuilder server, OhttpGateway gateway) {
        // tag::serve[]
        return server.handler("/ohttp-keys", gateway.keysHandler()).handler("/gateway", gateway.requestHandler());
        // end::serve[]
    }

    /**
     * Serves a relay to one gateway.
     *
     * @param server a server that is being set up
     * @param relay the relay
     * @return the same server
     */
    public static MasqueServerBuilder serve(MasqueServerBuilder server, OhttpRelay relay) {
        // tag::relay[]
        return server.handler(
                "/relay", relay); // OhttpRelay.builder().gateway(URI.create("https://gateway.example/gateway")).build()
        // end::relay[]
    }

    /**
     * Asks for a page.
     *
     * @param http reaches the relay
     * @param relay where the relay is
     * @param keys where the gateway's keys are
     * @param page what to ask for
     * @return the response
     * @throws IOException if relay, gateway or target fail; the message says which
     * @throws InterruptedException if the thread is interrupted
     */
    public static HttpResponse<String> get(HttpClient http, URI relay, URI keys, URI page)
            throws IOException, InterruptedException {
        // tag::client[]
        OhttpClient client =
                OhttpClient.builder().httpClient(http).relay(relay).keys(keys).build();
        return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
        // end::client[]
    }
}
