package dev.masque.ohttp.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** How the thread that sends a request spends its time. */
enum Carrier {
    /** It waits, which spares the JDK's client the threads that would hand the response to it. */
    WAITING {
        @Override
        <T> CompletableFuture<HttpResponse<T>> send(HttpClient http, HttpRequest request, BodyHandler<T> handler) {
            try {
                return CompletableFuture.completedFuture(http.send(request, handler));
            } catch (IOException | InterruptedException | RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        <T> CompletableFuture<T> done(CompletableFuture<T> future) {
            try {
                future.get();
                return future;
            } catch (ExecutionException e) {
                return future;
            } catch (InterruptedException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
    },
    /** It goes on with something else. */
    LEAVING {
        @Override
        <T> CompletableFuture<HttpResponse<T>> send(HttpClient http, HttpRequest request, BodyHandler<T> handler) {
            return http.sendAsync(request, handler);
        }

        @Override
        <T> CompletableFuture<T> done(CompletableFuture<T> future) {
            return future;
        }
    };

    abstract <T> CompletableFuture<HttpResponse<T>> send(HttpClient http, HttpRequest request, BodyHandler<T> handler);

    /** The same, complete if this waits. */
    abstract <T> CompletableFuture<T> done(CompletableFuture<T> future);
}
