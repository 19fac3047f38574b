package dev.masque.ohttp.relay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.exchange.Abort;
import dev.masque.ohttp.exchange.Bounded;
import dev.masque.ohttp.exchange.CountedInput;
import dev.masque.ohttp.exchange.Exchanges;
import dev.masque.ohttp.exchange.Problem;
import dev.masque.ohttp.exchange.ProxyError;
import dev.masque.ohttp.exchange.RequestForm;
import dev.masque.ohttp.exchange.StatusException;
import dev.masque.ohttp.exchange.StreamedContent;
import dev.masque.ohttp.exchange.Tally;
import dev.masque.ohttp.exchange.Watchdog;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay of Oblivious HTTP (RFC 9458, 6.2): passes encapsulated requests on to the gateways it was given, and their answers back.
 * What reaches the gateway is the same whoever asked: content, its media type, and fields that never change. A request that a relay
 * has handled before is refused with 508. A handler for any server that takes those of the JDK. Thread-safe.
 *
 * <pre>{@code
 * OhttpRelay relay = OhttpRelay.builder().gateway(URI.create("https://gateway.example/gateway")).build();
 * server.createContext("/relay", relay);
 * }</pre>
 */
public final class OhttpRelay implements HttpHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OhttpRelay.class);
    private static final String NAME = "ohttp-relay";
    private static final int PIECE = 16 << 10;
    private static final int MAX_PROBLEM = 16 << 10;

    private final OhttpRelayBuilder settings;
    private final Map<String, URI> gateways;
    private final Forwarding forwarding;
    private final Exchanges exchanges;
    private final Watchdog watchdog;

    OhttpRelay(OhttpRelayBuilder settings, HttpClient client) {
        this.settings = settings;
        this.gateways = Map.copyOf(settings.gateways);
        this.exchanges = new Exchanges("ohttp-relay", settings.concurrency, settings.timeout, NAME);
        this.watchdog = exchanges.watchdog();
        this.forwarding = new Forwarding(client, settings.timeout, watchdog);
    }

    /**
     * A relay that is yet to be described.
     *
     * @return a builder
     */
    public static OhttpRelayBuilder builder() {
        return new OhttpRelayBuilder();
    }

    @Override
    public void handle(HttpExchange exchange) {
        Route route = new Route(endpoint(exchange));
        exchanges.handle(
                exchange,
                (incoming, tally, abort) -> serve(incoming, tally, abort, route),
                tally -> settings.listener.exchanged(new RelayEvent(
                        gateways.containsKey(route.endpoint) ? route.endpoint : "",
                        tally.received(),
                        tally.sent(),
                        route.gatewayStatus,
                        tally.status(),
                        tally.duration())));
    }

    /** Where an exchange goes and what came of it. */
    private static final class Route {
        private final String endpoint;
        private volatile int gatewayStatus;

        Route(String endpoint) {
            this.endpoint = endpoint;
        }
    }

    /** What of the path is after the context's, without slashes around it. */
    private static String endpoint(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String context = exchange.getHttpContext().getPath();
        String rest = path != null && path.startsWith(context) ? path.substring(context.length()) : "";
        int from = rest.startsWith("/") ? 1 : 0;
        int to = rest.endsWith("/") && rest.length() > from ? rest.length() - 1 : rest.length();
        return rest.substring(from, to);
    }

    private void serve(HttpExchange exchange, Tally tally, Abort abort, Route route) throws IOException {
        URI gateway = gateways.get(route.endpoint);
        if (gateway == null) {
            throw new StatusException(404);
        }
        boolean chunked = RequestForm.isChunked(exchange);
        refuseLoop(exchange);
        if (chunked) {
            stream(exchange, gateway, tally, abort, route);
        } else {
            whole(exchange, gateway, tally, abort, route);
        }
    }

    private static void refuseLoop(HttpExchange exchange) throws StatusException {
        for (String via : exchange.getRequestHeaders().getOrDefault("Via", List.of())) {
            if (via.contains(NAME)) {
                throw new StatusException(508);
            }
        }
    }

    private void whole(HttpExchange exchange, URI gateway, Tally tally, Abort abort, Route route) throws IOException {
        ByteBuffer content;
        try (Watchdog.Watch reading = watchdog.watch(settings.timeout, abort)) {
            content = tally.readsWhole(settings.maxRequest);
        }
        if (!content.hasRemaining()) {
            throw new StatusException(400);
        }
        byte[] sealed = content.array();
        HttpResponse<Bounded.Content> response = forwarding.send(
                gateway,
                BodyPublishers.ofByteArray(sealed, content.arrayOffset() + content.position(), content.remaining()),
                info -> {
                    route.gatewayStatus = info.statusCode();
                    boolean answered = isEncapsulated(info.statusCode(), info.headers(), OhttpMediaTypes.RESPONSE);
                    long expected =
                            info.headers().firstValueAsLong("Content-Length").orElse(64);
                    return new Bounded(answered ? settings.maxResponse : MAX_PROBLEM, Math.max(0, expected));
                });
        if (!response.body().whole()) {
            throw ProxyError.HTTP_RESPONSE_BODY_SIZE.refusal();
        }
        boolean encapsulated = isEncapsulated(response.statusCode(), response.headers(), OhttpMediaTypes.RESPONSE);
        ByteBuffer answer = ByteBuffer.wrap(response.body().bytes());
        try (Watchdog.Watch writing = watchdog.watch(settings.timeout, abort)) {
            if (encapsulated) {
                tally.send(200, OhttpMediaTypes.RESPONSE, answer);
            } else {
                pass(exchange, response, answer, tally);
            }
        }
    }

    private ByteBuffer read(InputStream body, int limit) throws IOException {
        try (Watchdog.Watch reading = watchdog.watch(settings.timeout, () -> close(body))) {
            try {
                return new CountedInput(body, limit, 502, () -> {}).readWhole(0);
            } catch (StatusException e) {
                throw e;
            } catch (IOException e) {
                throw (reading.expired() ? ProxyError.HTTP_RESPONSE_TIMEOUT : ProxyError.of(e)).refusal();
            }
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            LOG.debug("an answer does not close");
        }
    }

    private void stream(HttpExchange exchange, URI gateway, Tally tally, Abort abort, Route route) throws IOException {
        try (Watchdog.Watch whole = watchdog.watch(settings.streamTimeout, abort);
                Watchdog.Watch idle = watchdog.watch(settings.timeout.multipliedBy(2), abort)) {
            Runnable progress = () -> idle.extend(settings.timeout);
            CountedInput content = tally.reads(settings.maxStream, progress);
            HttpResponse<InputStream> response;
            try {
                response = forwarding.stream(gateway, StreamedContent.of(content));
            } catch (StatusException e) {
                throw content.count() > settings.maxStream ? new StatusException(413) : e;
            }
            route.gatewayStatus = response.statusCode();
            try (InputStream body = response.body()) {
                abort.closes(body);
                if (isEncapsulated(response.statusCode(), response.headers(), OhttpMediaTypes.CHUNKED_RESPONSE)) {
                    copy(new CountedInput(body, settings.maxStream, 502, progress), tally, progress);
                } else {
                    pass(exchange, response, read(body, MAX_PROBLEM), tally);
                }
            }
        }
    }

    private static void copy(InputStream body, Tally tally, Runnable progress) throws IOException {
        tally.begin(OhttpMediaTypes.CHUNKED_RESPONSE);
        byte[] piece = new byte[PIECE];
        for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
            tally.write(piece, 0, read);
            progress.run();
        }
        tally.end();
    }

    private static boolean isEncapsulated(int status, HttpHeaders headers, String mediaType) {
        return status == 200 && OhttpMediaTypes.matches(contentType(headers), mediaType);
    }

    /** An answer that is not encapsulated: the status of an error, and a problem if that is what it says; nothing else of it. */
    private static void pass(HttpExchange exchange, HttpResponse<?> response, ByteBuffer content, Tally tally)
            throws IOException {
        if (response.statusCode() < 400 || response.statusCode() > 599) {
            throw ProxyError.HTTP_PROTOCOL_ERROR.refusal();
        }
        exchange.getResponseHeaders().set("Proxy-Status", NAME + "; received-status=" + response.statusCode());
        boolean problem = OhttpMediaTypes.matches(contentType(response.headers()), Problem.MEDIA_TYPE);
        tally.send(response.statusCode(), Problem.MEDIA_TYPE, problem ? content : ByteBuffer.allocate(0));
    }

    private static @Nullable String contentType(HttpHeaders headers) {
        return headers.firstValue("Content-Type").orElse(null);
    }

    /** Lets go of threads. Exchanges under way may be cut short; does not wait for them. */
    @Override
    public void close() {
        exchanges.close();
    }
}
