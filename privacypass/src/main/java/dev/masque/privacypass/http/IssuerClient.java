package dev.masque.privacypass.http;

import dev.masque.privacypass.AmortizedBatchRequest;
import dev.masque.privacypass.AmortizedBatchResponse;
import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.GenericBatchRequest;
import dev.masque.privacypass.GenericBatchResponse;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.RequestKind;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenRequest;
import dev.masque.privacypass.TokenResponse;
import dev.masque.privacypass.attest.IssuerLink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to an issuer, or to an attester that passes requests on to one. Thread-safe; calls wait, no longer than the
 * deadline. RFC 9578, 4 to 6.
 *
 * <pre>{@code
 * IssuerClient issuer = IssuerClient.builder(URI.create("https://issuer.example")).build();
 * TokenKey key = issuer.directory().current(TokenType.BLIND_RSA, Instant.now()).orElseThrow();
 * PendingToken pending = TokenClient.request(challenge, key);
 * Token token = pending.finish(issuer.send(pending.request()));
 * }</pre>
 */
public final class IssuerClient implements IssuerLink {
    private static final int MOST_BYTES = 1 << 20;
    private static final Duration DEFAULT_AGE = Duration.ofMinutes(5);
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})");

    /** A directory until a time. */
    private record Kept(IssuerDirectory directory, Instant until) {}

    private final URI directoryUri;
    private final @Nullable URI requestUri;
    private final HttpClient http;
    private final HttpClient requestHttp;
    private final Duration timeout;
    private final @Nullable Supplier<String> authorization;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Kept kept;

    private IssuerClient(Builder builder) {
        this.directoryUri = builder.issuer.resolve(IssuerDirectory.PATH);
        this.requestUri = builder.requestUri;
        this.http = builder.http;
        this.requestHttp = builder.requestHttp == null ? builder.http : builder.requestHttp;
        this.timeout = builder.timeout;
        this.authorization = builder.authorization;
        this.clock = builder.clock;
    }

    /**
     * A client to be set up.
     *
     * @param issuer where the issuer is, as {@code https://issuer.example}
     * @return a new builder
     */
    public static Builder builder(URI issuer) {
        return new Builder(issuer);
    }

    /**
     * The issuer's directory, from its server or kept for as long as it says.
     *
     * @return the directory
     * @throws IOException if it cannot be had
     */
    public IssuerDirectory directory() throws IOException {
        Kept last = kept;
        if (last != null && last.until.isAfter(clock.instant())) {
            return last.directory;
        }
        fetching.lock();
        try {
            last = kept;
            return last != null && last.until.isAfter(clock.instant()) ? last.directory : fetch();
        } finally {
            fetching.unlock();
        }
    }

    /**
     * The issuer's directory, from its server in any case: when a request failed, a key may have gone. RFC 9578, 4.
     *
     * @return the directory
     * @throws IOException if it cannot be had
     */
    public IssuerDirectory freshDirectory() throws IOException {
        fetching.lock();
        try {
            return fetch();
        } finally {
            fetching.unlock();
        }
    }

    private IssuerDirectory fetch() throws IOException {
        HttpResponse<byte[]> response = exchange(
                http,
                HttpRequest.newBuilder(directoryUri)
                        .header("Accept", IssuerDirectory.MEDIA_TYPE)
                        .GET());
        if (response.statusCode() != 200) {
            throw new IOException("no directory, but status " + response.statusCode());
        }
        try {
            IssuerDirectory directory = IssuerDirectory.parse(Bytes.copyOf(response.body()));
            kept = new Kept(directory, clock.instant().plus(age(response)));
            return directory;
        } catch (MalformedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Duration age(HttpResponse<byte[]> response) {
        String control = String.join(", ", response.headers().allValues("Cache-Control"));
        if (control.contains("no-store") || control.contains("no-cache")) {
            return Duration.ZERO;
        }
        Matcher age = MAX_AGE.matcher(control);
        return age.find() ? Duration.ofSeconds(Math.min(Long.parseLong(age.group(1)), 86_400)) : DEFAULT_AGE;
    }

    /**
     * Asks for one token.
     *
     * @param request the request
     * @return the answer
     * @throws IssuanceException if it was refused
     * @throws IOException if there is no answer, or one that makes no sense
     */
    public TokenResponse send(TokenRequest request) throws IssuanceException, IOException {
        TokenIssuer.Answer answer = send(RequestKind.SINGLE, request.encode());
        try {
            return TokenResponse.decode(request.type(), answer.content());
        } catch (MalformedException e) {
            throw new IOException("an answer that is malformed", e);
        }
    }

    /**
     * Asks for many tokens of one key.
     *
     * @param request the request
     * @return the answer
     * @throws IssuanceException if it was refused
     * @throws IOException if there is no answer, or one that makes no sense
     */
    public AmortizedBatchResponse send(AmortizedBatchRequest request) throws IssuanceException, IOException {
        TokenIssuer.Answer answer = send(RequestKind.AMORTIZED_BATCH, request.encode());
        try {
            return AmortizedBatchResponse.decode(
                    request.type(), answer.content(), request.blinded().size());
        } catch (MalformedException e) {
            throw new IOException("an answer that is malformed", e);
        }
    }

    /**
     * Asks for tokens of any types and keys.
     *
     * @param request the request
     * @return the answer, in which some may have been refused
     * @throws IssuanceException if all were refused
     * @throws IOException if there is no answer, or one that makes no sense
     */
    public GenericBatchResponse send(GenericBatchRequest request) throws IssuanceException, IOException {
        TokenIssuer.Answer answer = send(RequestKind.GENERIC_BATCH, request.encode());
        try {
            return GenericBatchResponse.decode(
                    answer.content(), request.requests().size());
        } catch (MalformedException e) {
            throw new IOException("an answer that is malformed", e);
        }
    }

    @Override
    public TokenIssuer.Answer send(RequestKind kind, Bytes request) throws IssuanceException, IOException {
        URI to = requestUri != null
                ? requestUri
                : directoryUri.resolve(directory().requestUri());
        HttpRequest.Builder message = HttpRequest.newBuilder(to)
                .header("Content-Type", kind.requestType())
                .header("Accept", kind.responseType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.toArray()));
        if (authorization != null) {
            message.header("Authorization", authorization.get());
        }
        HttpResponse<byte[]> response = exchange(requestHttp, message);
        int status = response.statusCode();
        if (status != 200 && !(status == 206 && kind == RequestKind.GENERIC_BATCH)) {
            throw new IssuanceException(status, "refused with status " + status);
        }
        Optional<String> type = response.headers().firstValue("Content-Type");
        if (!kind.isResponse(type.orElse(""))) { // RFC 9578, 5.3: answers of another type are none
            throw new IOException("an answer of another type");
        }
        return new TokenIssuer.Answer(Bytes.copyOf(response.body()), status == 200);
    }

    private HttpResponse<byte[]> exchange(HttpClient carrier, HttpRequest.Builder message) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> pending =
                carrier.sendAsync(message.timeout(timeout).build(), BoundedBody.of(MOST_BYTES));
        try {
            return pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS); // the whole of it, not the head alone
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new HttpTimeoutException("no answer in " + timeout);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw new HttpTimeoutException("no answer in " + timeout);
            }
            throw new IOException("no answer", e.getCause());
        }
    }

    /** Sets up a client. For one thread. */
    public static final class Builder {
        private final URI issuer;
        private @Nullable URI requestUri;
        private HttpClient http = HttpClient.newHttpClient();
        private @Nullable HttpClient requestHttp;
        private Duration timeout = Duration.ofSeconds(10);
        private @Nullable Supplier<String> authorization;
        private Clock clock = Clock.systemUTC();

        private Builder(URI issuer) {
            this.issuer = issuer;
        }

        /**
         * Where requests go instead of where the directory says: to an attester.
         *
         * @param uri the attester
         * @return this builder
         */
        public Builder requestUri(URI uri) {
            this.requestUri = uri;
            return this;
        }

        /**
         * What to show the attester; goes with requests for tokens alone.
         *
         * @param value gives the value of the {@code Authorization} field, for each request anew
         * @return this builder
         */
        public Builder authorization(Supplier<String> value) {
            this.authorization = value;
            return this;
        }

        /**
         * What carries the requests.
         *
         * @param client a client that follows no redirects; stays the caller's
         * @return this builder
         */
        public Builder httpClient(HttpClient client) {
            this.http = client;
            return this;
        }

        /**
         * What carries requests for tokens, where it is another: it shows the attester a certificate of the client, say, which
         * is not for the issuer and its directory.
         *
         * @param client a client that follows no redirects; stays the caller's
         * @return this builder
         */
        public Builder requestClient(HttpClient client) {
            this.requestHttp = client;
            return this;
        }

        /**
         * How long an exchange may take as a whole.
         *
         * @param most the time; 10 seconds by default
         * @return this builder
         */
        public Builder timeout(Duration most) {
            this.timeout = most;
            return this;
        }

        /**
         * The clock.
         *
         * @param time what tells the time; the system's by default
         * @return this builder
         */
        public Builder clock(Clock time) {
            this.clock = time;
            return this;
        }

        /**
         * The client.
         *
         * @return a new client
         */
        public IssuerClient build() {
            return new IssuerClient(this);
        }
    }
}
