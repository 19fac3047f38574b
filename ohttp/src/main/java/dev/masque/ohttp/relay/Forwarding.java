package dev.masque.ohttp.relay;

import dev.masque.ohttp.OhttpMediaTypes;
import dev.masque.ohttp.exchange.Interruption;
import dev.masque.ohttp.exchange.ProxyError;
import dev.masque.ohttp.exchange.StatusException;
import dev.masque.ohttp.exchange.Watchdog;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The request to a gateway. It has the same fields whoever asked, and nothing of what the client sent but the content and its media
 * type (RFC 9458, 6.2). Never sent twice. Thread-safe.
 */
final class Forwarding {
    /** Says that a relay has handled a request: the same from every relay, so that it tells nobody apart. */
    static final String VIA = "2.0 ohttp-relay";

    private static final String USER_AGENT = "ohttp-relay";

    private final HttpClient client;
    private final Duration timeout;
    private final Watchdog watchdog;

    Forwarding(HttpClient client, Duration timeout, Watchdog watchdog) {
        this.client = client;
        this.timeout = timeout;
        this.watchdog = watchdog;
    }

    /**
     * In this thread, which the JDK's client then needs fewer others for. The head of the answer, and its body, have a time limit each.
     */
    <T> HttpResponse<T> send(URI gateway, BodyPublisher content, BodyHandler<T> handler) throws IOException {
        try (Interruption limit = new Interruption(watchdog, timeout)) {
            if (limit.expired() || Thread.currentThread().isInterrupted()) { // closed
                throw new StatusException(503);
            }
            try {
                return client.send(request(gateway, false, content), info -> {
                    limit.extend(timeout);
                    return handler.apply(info);
                });
            } catch (InterruptedException e) {
                if (limit.expired()) {
                    throw ProxyError.HTTP_RESPONSE_TIMEOUT.refusal();
                }
                Thread.currentThread().interrupt();
                throw new StatusException(503);
            } catch (IOException e) {
                throw ProxyError.of(e).refusal();
            }
        }
    }

    /** In other threads, so that this one may be interrupted at any time. */
    HttpResponse<InputStream> stream(URI gateway, BodyPublisher content) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer =
                client.sendAsync(request(gateway, true, content), BodyHandlers.ofInputStream());
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            abandon(answer);
            throw new StatusException(504);
        } catch (InterruptedException e) {
            abandon(answer);
            Thread.currentThread().interrupt();
            throw new StatusException(503);
        } catch (ExecutionException e) {
            throw ProxyError.of(e).refusal();
        }
    }

    private static HttpRequest request(URI gateway, boolean chunked, BodyPublisher content) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway)
                .POST(content)
                .header("Content-Type", chunked ? OhttpMediaTypes.CHUNKED_REQUEST : OhttpMediaTypes.REQUEST)
                .header("User-Agent", USER_AGENT)
                .header("Via", VIA);
        if (chunked) {
            request.header("Incremental", "?1"); // draft-ietf-ohai-chunked-ohttp, 3
        }
        if (gateway.getScheme().equalsIgnoreCase("http")) {
            request.version(HttpClient.Version.HTTP_1_1); // without an offer to upgrade
        }
        return request.build();
    }

    private static void abandon(CompletableFuture<HttpResponse<InputStream>> answer) {
        answer.thenAccept(late -> {
            try {
                late.body().close();
            } catch (IOException e) {
                // nobody waits for it
            }
        });
        answer.cancel(true);
    }
}
