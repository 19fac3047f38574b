package dev.masque.ohttp.client;

import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests so that the relay cannot read them and gateway and target cannot know who sends them (RFC 9458). Looks like the
 * JDK's client and works on it. Thread-safe; has nothing to close but what it was given.
 *
 * <pre>{@code
 * OhttpClient ohttp = OhttpClient.builder()
 *         .relay(URI.create("https://relay.example/"))
 *         .keys(URI.create("https://gateway.example/ohttp-keys"))
 *         .build();
 * HttpResponse<String> response = ohttp.send(request, BodyHandlers.ofString());
 * }</pre>
 *
 * <p>Cookies, credentials, user agent and other fields that could tell the sender are taken out of requests, unless
 * {@link Builder#keep} names them; {@code Authorization} with a Privacy Pass token stays. A {@code Date} is added, for the gateway's
 * protection from replays. No request is sent twice, but for one that the gateway refused for its date: that is sent once more
 * with the gateway's date. Redirects are responses like any other. {@code HttpResponse.version} is that of the connection to the
 * relay; there is no {@code sslSession} with the target. Informational responses and trailers have no place in an
 * {@code HttpResponse} and are dropped.
 */
public final class OhttpClient {
    static final String USER_AGENT = "ohttp";
    private static final long WHOLE = 16L << 20;

    private final Transport transport;
    private final KeyCache keys;
    private final Duration timeout;
    private final @Nullable Clock clock;

    private OhttpClient(Transport transport, KeyCache keys, Duration timeout, @Nullable Clock clock) {
        this.transport = transport;
        this.keys = keys;
        this.timeout = timeout;
        this.clock = clock;
    }

    /**
     * Begins.
     *
     * @return a builder; {@code relay} and {@code keys} are needed
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Sends a request and waits for the response.
     *
     * @param request for the target; its {@code timeout} is the deadline for all of it
     * @param handler of the response's content
     * @return what the target, or the gateway for it, answered under encapsulation, whatever its status
     * @throws OhttpRequestException if there is none
     * @throws java.net.http.HttpTimeoutException if there is none before the deadline
     * @throws IOException if body publisher or body handler throw it
     * @throws InterruptedException if interrupted; the exchange is cancelled
     * @throws IllegalArgumentException if the request cannot be encapsulated
     * @param <T> what the handler makes of the content
     */
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        transport.head(request);
        return new Call<>(transport, keys, request, handler)
                .run(request.timeout().orElse(timeout), clock == null ? null : clock.instant());
    }

    /**
     * Sends a request.
     *
     * @param request for the target; its {@code timeout} is the deadline for all of it
     * @param handler of the response's content; called in a thread of the JDK's client
     * @return the response, or what {@link #send} throws; to cancel it ends the exchange
     * @throws IllegalArgumentException if the request cannot be encapsulated
     * @param <T> what the handler makes of the content
     */
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        transport.head(request);
        return new Call<>(transport, keys, request, handler)
                .start(request.timeout().orElse(timeout), clock == null ? null : clock.instant());
    }

    /** Settings of a client. For one thread at a time. */
    public static final class Builder {
        private @Nullable URI relay;
        private @Nullable Function<HttpClient, KeySource> keys;
        private @Nullable HttpClient http;
        private boolean chunked;
        private int padding = 128;
        private long maxRequest = -1;
        private long maxResponse = -1;
        private Duration timeout = Duration.ofSeconds(30);
        private @Nullable Clock clock = Clock.systemUTC();
        private final Set<String> kept = new HashSet<>();

        private Builder() {}

        /**
         * The relay.
         *
         * @param uri of its resource for the gateway, with the scheme {@code https}, or {@code http} for this machine
         * @return this
         * @throws IllegalArgumentException if the URI is another
         */
        public Builder relay(URI uri) {
            relay = Uris.trusted(uri);
            return this;
        }

        /**
         * Where the gateway's keys are from.
         *
         * @param source asked at the first request and when its answer is no longer fresh
         * @return this
         */
        public Builder keys(KeySource source) {
            keys = client -> source;
            return this;
        }

        /**
         * Keys that came with the application.
         *
         * @param config the gateway's
         * @return this
         */
        public Builder keys(KeyConfig config) {
            return keys(KeySource.of(config));
        }

        /**
         * Keys that came with the application.
         *
         * @param content {@code application/ohttp-keys}
         * @return this
         */
        public Builder keys(ByteBuffer content) {
            return keys(KeySource.of(content));
        }

        /**
         * Keys from an HTTP resource, see {@link KeySource#http}, asked with this client's {@link #httpClient}.
         *
         * @param uri such as {@code https://gateway.example/ohttp-keys}; without a path {@code /.well-known/ohttp-gateway}
         * @return this
         * @throws IllegalArgumentException if it is neither {@code https} nor this machine
         */
        public Builder keys(URI uri) {
            Uris.trusted(uri);
            keys = client -> KeySource.http(client, uri);
            return this;
        }

        /**
         * What carries the requests: one with a {@code proxySelector} to go through a MASQUE tunnel, say. Closing it is its
         * owner's business.
         *
         * @param client follows no redirects and has no cookies
         * @return this
         * @throws IllegalArgumentException if it does or has
         */
        public Builder httpClient(HttpClient client) {
            if (client.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException(
                        "a client that follows redirects: requests would go to whom the relay names");
            }
            if (client.cookieHandler().isPresent()) {
                throw new IllegalArgumentException("a client with cookies, which tell who sends");
            }
            http = client;
            return this;
        }

        /**
         * Whether messages go in chunks (draft-ietf-ohai-chunked-ohttp), so that neither request nor response has to be complete
         * before it is sent or read. Relay and gateway have to know that form; there is no falling back.
         *
         * @param on false by default
         * @return this
         */
        public Builder chunked(boolean on) {
            chunked = on;
            return this;
        }

        /**
         * How much a request's length tells.
         *
         * @param block bytes, of which the length under encapsulation becomes a multiple; 128 by default, 1 for no padding
         * @return this
         * @throws IllegalArgumentException if it is not within 1 and 65536
         */
        public Builder padding(int block) {
            require(block >= 1 && block <= 65536, "padding to a multiple of " + block);
            padding = block;
            return this;
        }

        /**
         * The largest content of a request.
         *
         * @param bytes 16 MiB by default; no limit if chunked
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder maxRequest(long bytes) {
            require(bytes >= 0, "a negative limit");
            maxRequest = bytes;
            return this;
        }

        /**
         * The largest content of a response.
         *
         * @param bytes 16 MiB by default; no limit if chunked
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder maxResponse(long bytes) {
            require(bytes >= 0, "a negative limit");
            maxResponse = bytes;
            return this;
        }

        /**
         * The deadline of requests that say none.
         *
         * @param deadline from the call until the body handler has its result, 30 seconds by default; what a handler gives out
         *     before its end, as {@code BodyHandlers.ofInputStream()} does, has none from then on
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder timeout(Duration deadline) {
            require(!deadline.isNegative() && !deadline.isZero(), "a deadline of " + deadline);
            timeout = deadline;
            return this;
        }

        /**
         * The clock that {@code Date} is from.
         *
         * @param source of the time; null to send no {@code Date} and correct none
         * @return this
         */
        public Builder clock(@Nullable Clock source) {
            clock = source;
            return this;
        }

        /**
         * Fields that requests keep though they may tell who sends.
         *
         * @param names such as {@code Authorization}, in any case
         * @return this
         */
        public Builder keep(String... names) {
            for (String name : names) {
                kept.add(name.toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /**
         * Builds.
         *
         * @return a client
         * @throws IllegalStateException without {@link #relay} or keys
         */
        public OhttpClient build() {
            if (relay == null || keys == null) {
                throw new IllegalStateException(relay == null ? "relay is not set" : "keys are not set");
            }
            HttpClient client = http == null
                    ? HttpClient.newBuilder().connectTimeout(timeout).build()
                    : http;
            long usual = chunked ? Long.MAX_VALUE : WHOLE;
            Transport transport = new Transport(
                    client,
                    relay,
                    chunked,
                    new Scrubbing(Set.copyOf(kept)),
                    padding,
                    maxRequest < 0 ? usual : maxRequest,
                    BinaryHttpLimits.DEFAULT.withContent(maxResponse < 0 ? usual : maxResponse));
            return new OhttpClient(transport, new KeyCache(keys.apply(client)), timeout, clock);
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
