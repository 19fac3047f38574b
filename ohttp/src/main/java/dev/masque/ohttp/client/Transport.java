package dev.masque.ohttp.client;

import dev.masque.ohttp.ChunkSink;
import dev.masque.ohttp.ClientExchange;
import dev.masque.ohttp.OhttpException;
import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.Field;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.bhttp.JavaHttp;
import dev.masque.ohttp.bhttp.RequestHead;
import dev.masque.ohttp.client.OhttpRequestException.Party;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Brings single attempts to the relay and back.
 *
 * @param padding bytes, of which a request's length is a multiple
 * @param limits of responses
 */
record Transport(
        HttpClient http,
        URI relay,
        boolean chunked,
        Scrubbing scrubbing,
        int padding,
        long maxRequest,
        BinaryHttpLimits limits) {
    // RFC 9110, 5.6.7
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final long HEAD = 1 << 20;

    /** What is said of a request under encapsulation. */
    RequestHead head(HttpRequest request) {
        RequestHead head = JavaHttp.head(request);
        return head.withFields(scrubbing.scrub(head.fields()));
    }

    <T> CompletableFuture<HttpResponse<Answer<T>>> send(Attempt<T> attempt) {
        RequestHead plain = head(attempt.request());
        Instant date = attempt.date();
        RequestHead head = date == null
                ? plain
                : plain.withFields(Scrubbing.with(plain.fields(), new Field("date", DATE.format(date))));
        BodyPublisher body = attempt.request().bodyPublisher().orElseGet(BodyPublishers::noBody);
        return chunked ? sendChunked(attempt, head, body) : sendWhole(attempt, head, body);
    }

    private <T> CompletableFuture<HttpResponse<Answer<T>>> sendWhole(
            Attempt<T> attempt, RequestHead head, BodyPublisher body) {
        return attempt.carrier().done(Collected.of(body, maxRequest)).thenCompose(content -> {
            try {
                ClientExchange exchange = ClientExchange.start(attempt.key());
                BodyPublisher sealed = JavaHttp.publisher(
                        exchange.seal(BinaryRequest.of(head, content).encode(Framing.KNOWN_LENGTH, padding)));
                long limit = limits.content() + HEAD < 0 ? Long.MAX_VALUE : limits.content() + HEAD;
                return post(
                        attempt,
                        request(OhttpMediaTypes.REQUEST, sealed).build(),
                        OhttpMediaTypes.RESPONSE,
                        sink -> Opening.whole(exchange, limit, sink));
            } catch (OhttpException e) {
                return CompletableFuture.failedFuture(unusable(e));
            }
        });
    }

    private <T> CompletableFuture<HttpResponse<Answer<T>>> sendChunked(
            Attempt<T> attempt, RequestHead head, BodyPublisher body) {
        SealedRequest sealed = new SealedRequest(attempt.key(), head, body, padding, maxRequest);
        HttpRequest request = request(OhttpMediaTypes.CHUNKED_REQUEST, sealed)
                .header("Incremental", "?1") // the relay must not wait for the end
                .build();
        return post(
                        attempt,
                        request,
                        OhttpMediaTypes.CHUNKED_RESPONSE,
                        sink -> Opening.chunked(sealed.exchange(), sink))
                .exceptionallyCompose(failure -> {
                    Throwable own = sealed.failure();
                    return CompletableFuture.failedFuture(own == null ? failure : CallerFailure.of(own));
                });
    }

    private HttpRequest.Builder request(String mediaType, BodyPublisher sealed) {
        return HttpRequest.newBuilder(relay)
                .POST(sealed)
                .header("Content-Type", mediaType)
                .header("User-Agent", OhttpClient.USER_AGENT);
    }

    private <T> CompletableFuture<HttpResponse<Answer<T>>> post(
            Attempt<T> attempt, HttpRequest request, String expected, Function<ChunkSink, Opening> opening) {
        return attempt.carrier()
                .send(
                        http,
                        request,
                        info -> info.statusCode() == 200
                                        && OhttpMediaTypes.matches(
                                                info.headers()
                                                        .firstValue("content-type")
                                                        .orElse(null),
                                                expected)
                                ? new OuterResponse<>(attempt, info.version(), limits, opening)
                                : new Refusal<>(info));
    }

    private static OhttpRequestException unusable(OhttpException cause) {
        return new OhttpRequestException(Party.KEYS, "a key configuration that cannot be used", cause);
    }
}
