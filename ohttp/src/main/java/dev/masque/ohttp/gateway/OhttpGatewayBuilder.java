package dev.masque.ohttp.gateway;

import com.sun.net.httpserver.HttpHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes an {@link OhttpGateway}. For one thread. */
public final class OhttpGatewayBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(OhttpGateway.class);

    final List<URI> origins = new ArrayList<>();
    int maxRequest = 1 << 20;
    int maxResponse = 4 << 20;
    long maxStream = 4L << 30;
    int concurrency = 256;
    int padding = 1;
    Duration timeout = Duration.ofSeconds(30);
    Duration streamTimeout = Duration.ofHours(1);
    Duration replayWindow = Duration.ofMinutes(5);
    boolean dateRequired;
    int replayCapacity = 1 << 24;
    Clock clock = Clock.systemUTC();
    String endpoint = "gateway";
    GatewayListener listener = event -> {};

    @Nullable KeyRing keys;

    private @Nullable HttpClient client;
    private @Nullable HttpHandler handler;

    OhttpGatewayBuilder() {}

    /**
     * The gateway's keys. Required.
     *
     * @param ring the keys
     * @return this
     */
    public OhttpGatewayBuilder keys(KeyRing ring) {
        this.keys = ring;
        return this;
    }

    /**
     * An origin that requests may be for. Requests for any other are refused with 403; without any, all are.
     *
     * @param origin scheme, host and perhaps port, such as {@code https://app.example}
     * @return this
     */
    public OhttpGatewayBuilder allow(URI origin) {
        origins.add(origin);
        return this;
    }

    /**
     * Calls targets with this client; by default with one of its own.
     *
     * @param http must not follow redirects, and must have no cookies
     * @return this
     */
    public OhttpGatewayBuilder client(HttpClient http) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER
                || http.cookieHandler().isPresent()) {
            throw new IllegalArgumentException("a client that follows redirects or has cookies");
        }
        this.client = http;
        return this;
    }

    /**
     * Hands requests to a handler in this process instead of calling targets. It sees requests that come from nobody.
     *
     * @param application answers requests for the origins that are allowed
     * @return this
     */
    public OhttpGatewayBuilder handler(HttpHandler application) {
        this.handler = application;
        return this;
    }

    /**
     * The largest messages that are taken whole; 1 MiB and 4 MiB by default.
     *
     * @param request bytes of an encapsulated request
     * @param response bytes of a response's content
     * @return this
     */
    public OhttpGatewayBuilder maxMessage(int request, int response) {
        this.maxRequest = positive(request, "request");
        this.maxResponse = positive(response, "response");
        return this;
    }

    /**
     * The largest messages that are taken in chunks, each way; 4 GiB by default.
     *
     * @param bytes of an encapsulated request, and of a response's content
     * @return this
     */
    public OhttpGatewayBuilder maxStream(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("maxStream is not positive");
        }
        this.maxStream = bytes;
        return this;
    }

    /**
     * How long each of these may take: a whole request to arrive, a target to answer, its answer to arrive, the answer to be sent; and
     * how long a message in chunks may pause. 30 seconds by default.
     *
     * @param limit more than zero
     * @return this
     */
    public OhttpGatewayBuilder timeout(Duration limit) {
        this.timeout = positive(limit, "timeout");
        return this;
    }

    /**
     * How long an exchange in chunks may take in all; an hour by default.
     *
     * @param limit more than zero
     * @return this
     */
    public OhttpGatewayBuilder streamTimeout(Duration limit) {
        this.streamTimeout = positive(limit, "streamTimeout");
        return this;
    }

    /**
     * How many exchanges there may be at a time; more are refused with 503. 256 by default.
     *
     * @param exchanges more than zero
     * @return this
     */
    public OhttpGatewayBuilder concurrency(int exchanges) {
        this.concurrency = positive(exchanges, "concurrency");
        return this;
    }

    /**
     * Refuses requests that came before, and such whose {@code Date} differs from the clock by more than a window (RFC 9458, 6.5).
     * Five minutes by default. Requests without a date are taken by default, once within two windows: how long they were on their
     * way nobody knows, so that only requiring a date keeps them from being replayed for as long as their key is taken.
     *
     * @param window zero to take everything
     * @param dateRequired whether requests without a date are refused as well
     * @return this
     */
    public OhttpGatewayBuilder replayWindow(Duration window, boolean dateRequired) {
        if (window.isNegative()) {
            throw new IllegalArgumentException("replayWindow is negative");
        }
        this.replayWindow = window;
        this.dateRequired = dateRequired;
        return this;
    }

    /**
     * How many requests are remembered: each for two windows at least and a quarter of one more at most, 11 minutes and a quarter
     * unless said. 16,777,216 by default, with which a gateway takes 24,800 requests a second. Each takes 10 to 16 bytes of heap, so that the
     * default takes 170 to 270 MB when it is used up, and next to nothing when there are few requests. What cannot be remembered
     * is refused, so that nothing is ever taken twice: 503 with {@code Retry-After} is the answer, encapsulated, and
     * {@link GatewayListener#replayMemoryFull} is told.
     *
     * <p>Several gateways with the same keys each remember their own.
     *
     * @param requests more than zero
     * @return this
     */
    public OhttpGatewayBuilder replayCapacity(int requests) {
        this.replayCapacity = positive(requests, "replayCapacity");
        return this;
    }

    /**
     * Makes the lengths of whole responses multiples of a number, so that they say less; 1 by default.
     *
     * @param block in bytes
     * @return this
     */
    public OhttpGatewayBuilder padding(int block) {
        this.padding = positive(block, "padding");
        return this;
    }

    /**
     * What tells the time to compare dates with; the system's clock by default.
     *
     * @param time tells it
     * @return this
     */
    public OhttpGatewayBuilder clock(Clock time) {
        this.clock = time;
        return this;
    }

    /**
     * What events call this gateway; {@code gateway} by default.
     *
     * @param name the same for all clients
     * @return this
     */
    public OhttpGatewayBuilder endpoint(String name) {
        this.endpoint = name;
        return this;
    }

    /**
     * Who is told of exchanges; nobody by default.
     *
     * @param events told of each
     * @return this
     */
    public OhttpGatewayBuilder listener(GatewayListener events) {
        this.listener = new GatewayListener() {
            @Override
            public void exchanged(GatewayEvent event) {
                guard(() -> events.exchanged(event));
            }

            @Override
            public void replayMemoryFull(String endpoint) {
                guard(() -> events.replayMemoryFull(endpoint));
            }
        };
        return this;
    }

    /**
     * The gateway.
     *
     * @return to be closed
     */
    public OhttpGateway build() {
        KeyRing ring = keys;
        if (ring == null) {
            throw new IllegalStateException("keys is not set");
        }
        HttpHandler application = handler;
        if (application != null && client != null) {
            throw new IllegalStateException("client and handler are both set");
        }
        return new OhttpGateway(this, ring, application == null ? target(client) : new HandlerTarget(application));
    }

    private static Target target(@Nullable HttpClient given) {
        if (given != null) {
            return new HttpTarget(given);
        }
        return new HttpTarget(HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .build());
    }

    private static void guard(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            LOG.debug("a listener failed", e);
        }
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
