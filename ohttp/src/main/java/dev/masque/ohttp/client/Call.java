package dev.masque.ohttp.client;

import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.OhttpException;
import dev.masque.ohttp.client.OhttpRequestException.Party;
import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One call of {@code send}: an attempt, perhaps a second with the gateway's date, and a deadline for all of it. */
final class Call<T> {
    private final Transport transport;
    private final KeyCache keys;
    private final HttpRequest request;
    private final BodyHandler<T> handler;
    private final CompletableFuture<HttpResponse<T>> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> current;

    Call(Transport transport, KeyCache keys, HttpRequest request, BodyHandler<T> handler) {
        this.transport = transport;
        this.keys = keys;
        this.request = request;
        this.handler = handler;
    }

    /** Begins; {@code now} goes into {@code Date}, null says nothing. To cancel or complete the result ends the exchange. */
    CompletableFuture<HttpResponse<T>> start(Duration deadline, @Nullable Instant now) {
        CompletableFuture<Object> timer =
                new CompletableFuture<>().orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
        timer.whenComplete((nothing, failure) -> {
            if (failure instanceof TimeoutException) {
                result.completeExceptionally(new HttpTimeoutException("no response in time"));
            }
        });
        result.whenComplete((response, failure) -> {
            timer.cancel(false);
            if (failure != null) {
                stop();
            }
        });
        boolean named = request.headers().firstValue("date").isPresent();
        boolean mayCorrect = now != null;
        keys.key().whenComplete((key, failure) -> {
            if (failure != null) {
                fail(failure, Party.KEYS);
            } else {
                attempt(new Attempt<>(request, handler, key, named ? null : now, mayCorrect));
            }
        });
        return result;
    }

    private void attempt(Attempt<T> attempt) {
        CompletableFuture<HttpResponse<Answer<T>>> outer;
        try {
            outer = transport.send(attempt);
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            return;
        }
        current = outer;
        if (result.isDone()) {
            stop();
        }
        outer.whenComplete((response, failure) -> {
            if (failure != null) {
                noteRefusedKey(attempt.key(), failure);
                fail(failure, Party.RELAY);
                return;
            }
            Answer<T> answer = response.body();
            if (answer.response() != null) {
                result.complete(answer.response());
            } else {
                // once, with a fresh HPKE context; what the gateway said is used for nothing else: RFC 9458, 6.5.2
                attempt(new Attempt<>(request, handler, attempt.key(), answer.gatewayTime(), false));
            }
        });
    }

    private void noteRefusedKey(KeyConfig key, Throwable failure) {
        if (bare(failure) instanceof OhttpRequestException e
                && (e.problem().filter(Problem.KEY::equals).isPresent()
                        || e.status().orElse(0) == 422)) {
            keys.refused(key);
        }
    }

    private void stop() {
        CompletableFuture<?> running = current;
        if (running != null) {
            running.cancel(true);
        }
    }

    private void fail(Throwable failure, Party party) {
        Throwable cause = bare(failure);
        if (cause instanceof CallerFailure own) {
            result.completeExceptionally(own.failure());
            return;
        }
        boolean said = cause instanceof OhttpRequestException
                || cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)
                || !(cause instanceof IOException);
        result.completeExceptionally(
                said
                        ? cause
                        : new OhttpRequestException(
                                party,
                                party == Party.KEYS ? "the keys are not to be had" : "no answer from the relay",
                                cause));
    }

    /** The first of ours, where {@code java.net.http} wraps it; otherwise the failure itself. */
    static Throwable bare(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        for (Throwable below = cause; below != null; below = below.getCause()) {
            if (below instanceof OhttpRequestException || below instanceof CallerFailure) {
                return below;
            }
            if (below instanceof OhttpException) {
                return new OhttpRequestException(Party.KEYS, "a key configuration that cannot be used", below);
            }
        }
        return cause;
    }
}
