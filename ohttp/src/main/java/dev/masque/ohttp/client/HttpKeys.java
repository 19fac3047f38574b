package dev.masque.ohttp.client;

import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.client.OhttpRequestException.Party;
import dev.masque.ohttp.exchange.Bounded;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Keys from an HTTP resource. */
final class HttpKeys implements KeySource {
    private static final int LARGEST = 64 << 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long DEFAULT = 3600;
    private static final long LEAST = 60;
    private static final long MOST = 7 * 24 * 3600;

    private final HttpClient http;
    private final HttpRequest request;

    HttpKeys(HttpClient http, URI uri) {
        this.http = http;
        request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Accept", OhttpMediaTypes.KEYS)
                .header("User-Agent", OhttpClient.USER_AGENT)
                .build();
    }

    @Override
    public CompletableFuture<KeyList> keys() {
        return http.sendAsync(request, info -> new Bounded(LARGEST))
                .orTimeout(TIMEOUT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                .handle((response, failure) -> {
                    try {
                        return read(response, failure);
                    } catch (OhttpRequestException e) {
                        throw new CompletionException(e);
                    }
                });
    }

    private static KeyList read(@Nullable HttpResponse<Bounded.Content> response, @Nullable Throwable failure)
            throws OhttpRequestException {
        if (response == null) {
            throw new OhttpRequestException(Party.KEYS, "the keys are not to be had", failure);
        }
        if (response.statusCode() != 200) {
            throw new OhttpRequestException(
                    Party.KEYS,
                    "the keys are not to be had: status " + response.statusCode(),
                    response.statusCode(),
                    null);
        }
        if (!OhttpMediaTypes.matches(
                response.headers().firstValue("content-type").orElse(null), OhttpMediaTypes.KEYS)) {
            throw new OhttpRequestException(Party.KEYS, "the answer is not " + OhttpMediaTypes.KEYS, 200, null);
        }
        if (!response.body().whole()) {
            throw new OhttpRequestException(Party.KEYS, "the keys are over " + LARGEST + " bytes", 200, null);
        }
        KeyList list = new KeyList(ByteBuffer.wrap(response.body().bytes()), Duration.ofSeconds(fresh(response)));
        list.choose();
        return list;
    }

    /** Seconds, RFC 9111, section 4.2. */
    private static long fresh(HttpResponse<?> response) {
        long age = response.headers().firstValue("age").map(HttpKeys::seconds).orElse(0L);
        long fresh = DEFAULT;
        for (String field : response.headers().allValues("cache-control")) {
            for (String directive : field.toLowerCase(Locale.ROOT).split(",", -1)) {
                String text = directive.strip();
                if (text.startsWith("max-age=")) {
                    fresh = seconds(text.substring("max-age=".length()).replace("\"", "")) - age;
                } else if (text.equals("no-store") || text.equals("no-cache")) {
                    return LEAST;
                }
            }
        }
        return Math.max(LEAST, Math.min(MOST, fresh));
    }

    private static long seconds(String text) {
        return text.strip().matches("[0-9]{1,9}") ? Long.parseLong(text.strip()) : 0;
    }
}
