package dev.masque.ohttp.relay;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes an {@link OhttpRelay}. For one thread. */
public final class OhttpRelayBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(OhttpRelay.class);
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

    final Map<String, URI> gateways = new LinkedHashMap<>();
    int maxRequest = 1 << 20;
    int maxResponse = 4 << 20;
    long maxStream = 4L << 30;
    int concurrency = 256;
    Duration timeout = Duration.ofSeconds(60);
    Duration streamTimeout = Duration.ofHours(1);
    RelayListener listener = event -> {};
    private @Nullable HttpClient client;

    OhttpRelayBuilder() {}

    /**
     * The gateway for requests to the relay's own path.
     *
     * @param uri with the scheme {@code https}; {@code http} is for a gateway on the same machine
     * @return this
     */
    public OhttpRelayBuilder gateway(URI uri) {
        return gateway("", uri);
    }

    /**
     * A gateway for requests to a path below the relay's own. Requests to other paths are refused with 404.
     *
     * @param endpoint what comes after the relay's path and a slash; what events call the gateway
     * @param uri with the scheme {@code https}; {@code http} is for a gateway on the same machine
     * @return this
     */
    public OhttpRelayBuilder gateway(String endpoint, URI uri) {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        boolean near = "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost()));
        if (uri.getHost() == null || uri.getRawUserInfo() != null || !secure && !near) {
            throw new IllegalArgumentException("no gateway such as https://gateway.example/gateway: " + uri);
        }
        if (endpoint.startsWith("/") || endpoint.endsWith("/")) {
            throw new IllegalArgumentException("slashes around the endpoint " + endpoint);
        }
        if (gateways.putIfAbsent(endpoint, uri) != null) {
            throw new IllegalArgumentException("two gateways for the endpoint " + endpoint);
        }
        return this;
    }

    /**
     * Calls gateways with this client; by default with one of its own. Its connections are those of all clients together.
     *
     * @param http must not follow redirects, and must have no cookies
     * @return this
     */
    public OhttpRelayBuilder client(HttpClient http) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER
                || http.cookieHandler().isPresent()) {
            throw new IllegalArgumentException("a client that follows redirects or has cookies");
        }
        this.client = http;
        return this;
    }

    /**
     * The largest messages that are passed on whole; 1 MiB and 4 MiB by default.
     *
     * @param request bytes of an encapsulated request
     * @param response bytes of an encapsulated response
     * @return this
     */
    public OhttpRelayBuilder maxMessage(int request, int response) {
        this.maxRequest = positive(request, "request");
        this.maxResponse = positive(response, "response");
        return this;
    }

    /**
     * The largest messages that are passed on in chunks, each way; 4 GiB by default.
     *
     * @param bytes more than zero
     * @return this
     */
    public OhttpRelayBuilder maxStream(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("maxStream is not positive");
        }
        this.maxStream = bytes;
        return this;
    }

    /**
     * How long each of these may take: a whole request to arrive, the gateway to answer, its answer to arrive, the answer to be sent;
     * and how long a message in chunks may pause. A minute by default.
     *
     * @param limit more than zero
     * @return this
     */
    public OhttpRelayBuilder timeout(Duration limit) {
        this.timeout = positive(limit, "timeout");
        return this;
    }

    /**
     * How long an exchange in chunks may take in all; an hour by default.
     *
     * @param limit more than zero
     * @return this
     */
    public OhttpRelayBuilder streamTimeout(Duration limit) {
        this.streamTimeout = positive(limit, "streamTimeout");
        return this;
    }

    /**
     * How many exchanges there may be at a time; more are refused with 503. 256 by default.
     *
     * @param exchanges more than zero
     * @return this
     */
    public OhttpRelayBuilder concurrency(int exchanges) {
        this.concurrency = positive(exchanges, "concurrency");
        return this;
    }

    /**
     * Who is told of exchanges; nobody by default.
     *
     * @param events told of each
     * @return this
     */
    public OhttpRelayBuilder listener(RelayListener events) {
        this.listener = event -> {
            try {
                events.exchanged(event);
            } catch (RuntimeException e) {
                LOG.debug("a listener failed", e);
            }
        };
        return this;
    }

    /**
     * The relay.
     *
     * @return to be closed
     */
    public OhttpRelay build() {
        if (gateways.isEmpty()) {
            throw new IllegalStateException("gateway is not set");
        }
        HttpClient http = client != null
                ? client
                : HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
        return new OhttpRelay(this, http);
    }

    private static int positive(int number, String name) {
        if (number <= 0) {
            throw new IllegalArgumentException(name + " is not positive");
        }
        return number;
    }

    private static Duration positive(Duration duration, String name) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + " is not positive");
        }
        return duration;
    }
}
