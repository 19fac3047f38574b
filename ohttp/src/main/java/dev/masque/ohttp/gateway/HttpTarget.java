package dev.masque.ohttp.gateway;

import dev.masque.ohttp.bhttp.JavaHttp;
import dev.masque.ohttp.exchange.ProxyError;
import dev.masque.ohttp.exchange.StatusException;
import dev.masque.ohttp.exchange.StreamedContent;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Targets that are called over HTTP, on the connections of one client. Thread-safe. */
final class HttpTarget implements Target {
    private final HttpClient client;

    HttpTarget(HttpClient client) {
        this.client = client;
    }

    @Override
    public Answer call(Request request, Duration limit) throws IOException {
        HttpRequest asked;
        try {
            HttpRequest.Builder builder = JavaHttp.request(request.head(), publisher(request));
            if (request.uri().getScheme().equals("http")) {
                builder.version(
                        HttpClient.Version.HTTP_1_1); // without an offer to upgrade, which the client did not make
            }
            asked = builder.build();
        } catch (IllegalArgumentException e) {
            throw new StatusException(400);
        }
        CompletableFuture<HttpResponse<InputStream>> answer = client.sendAsync(asked, BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            try {
                return new Answer(JavaHttp.head(response), response.body());
            } catch (IllegalArgumentException e) {
                response.body().close();
                throw ProxyError.HTTP_PROTOCOL_ERROR.refusal();
            }
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

    private static BodyPublisher publisher(Request request) {
        if (request.length() == 0) {
            return BodyPublishers.noBody();
        }
        BodyPublisher stream = StreamedContent.of(request.body());
        return request.length() < 0 ? stream : BodyPublishers.fromPublisher(stream, request.length());
    }

    @Override
    public void close() {}
}
