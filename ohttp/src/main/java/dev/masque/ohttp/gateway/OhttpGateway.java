package dev.masque.ohttp.gateway;

import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.exchange.Exchanges;
import java.time.Duration;

/**
 * The gateway of Oblivious HTTP (RFC 9458, and in chunks draft-ietf-ohai-chunked-ohttp): uncovers requests, has targets answer
 * them and encapsulates the answers. Two handlers for any server that takes those of the JDK. Thread-safe.
 *
 * <pre>{@code
 * OhttpGateway gateway = OhttpGateway.builder()
 *         .keys(KeyRing.builder().store(Path.of("ohttp-keys")).build())
 *         .allow(URI.create("https://app.example"))
 *         .build();
 * server.createContext("/ohttp-keys", gateway.keysHandler());
 * server.createContext("/gateway", gateway.requestHandler());
 * }</pre>
 */
public final class OhttpGateway implements AutoCloseable {
    /** How often to see whether keys are due when nobody asks for them, so that old ones are forgotten in time. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final HttpHandler requests;
    private final HttpHandler published;
    private final Target target;
    private final Exchanges exchanges;

    OhttpGateway(OhttpGatewayBuilder settings, KeyRing keys, Target target) {
        this.target = target;
        String endpoint = settings.endpoint;
        GatewayListener listener = settings.listener;
        ReplayFilter replays = new ReplayFilter(
                settings.replayWindow,
                settings.dateRequired,
                settings.replayCapacity,
                settings.clock,
                () -> listener.replayMemoryFull(endpoint));
        Origins origins = new Origins(settings.origins);
        InnerRequests inner = new InnerRequests(origins, replays, target, settings.timeout, settings.clock);
        this.exchanges = new Exchanges("ohttp-gateway", settings.concurrency, settings.timeout, null);
        this.requests = new RequestHandler(settings, keys, inner, exchanges);
        this.published = new KeysHandler(keys);
        exchanges.watchdog().every(LOOK, keys::accepted);
    }

    /**
     * A gateway that is yet to be described.
     *
     * @return a builder
     */
    public static OhttpGatewayBuilder builder() {
        return new OhttpGatewayBuilder();
    }

    /**
     * Takes encapsulated requests.
     *
     * @return a handler for POST
     */
    public HttpHandler requestHandler() {
        return requests;
    }

    /**
     * Serves key configurations.
     *
     * @return a handler for GET
     */
    public HttpHandler keysHandler() {
        return published;
    }

    /** Lets go of threads. Exchanges under way may be cut short; does not wait for them. */
    @Override
    public void close() {
        exchanges.close();
        target.close();
    }
}
