package dev.masque.ohttp.client;

import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.OhttpException;
import dev.masque.ohttp.client.OhttpRequestException.Party;
import dev.masque.ohttp.exchange.Interruption;
import dev.masque.ohttp.exchange.Watchdog;
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
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One call of {@code send}: an attempt, perhaps a second with the gateway's date, and a deadline for all of it. */
final class Call<T> {
    private static final Watchdog WATCHDOG = new Watchdog("ohttp-client");

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

    /** Does it all in this thread; {@code now} goes into {@code Date}, null says nothing. */
    HttpResponse<T> run(Duration deadline, @Nullable Instant now) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Throwable cause;
        try (Interruption limit = new Interruption(WATCHDOG, deadline)) {
            begin(Carrier.WAITING, now);
            try {
                return result.get(); // which is there
            } catch (ExecutionException e) {
                cause = e.getCause();
            }
            if (cause instanceof InterruptedException && limit.expired()) {
                throw new HttpTimeoutException("no response in time");
            }
        }
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (cause instanceof IOException failure) {
            throw failure;
        }
        if (cause instanceof RuntimeException failure) {
            throw failure;
        }
        throw new IOException(cause);
    }

    /** Begins; {@code now} goes into {@code Date}, null says nothing. To cancel or complete the result ends the exchange. */
    CompletableFuture<HttpResponse<T>> start(Duration deadline, @Nullable Instant now) {
        Watchdog.Watch watch = WATCHDOG.watch(
                deadline, () -> result.completeExceptionally(new HttpTimeoutException("no response in time")));
        result.whenComplete((response, failure) -> {
            watch.close();
            if (failure != null) {
                stop();
            }
        });
        begin(Carrier.LEAVING, now);
        return result;
    }

    private void begin(Carrier carrier, @Nullable Instant now) {
        boolean named = request.headers().firstValue("date").isPresent();
        boolean mayCorrect = now != null;
        carrier.done(keys.key()).whenComplete((key, failure) -> {
            if (failure != null) {
                fail(failure, Party.KEYS);
            } else {
                attempt(new Attempt<>(request, handler, key, named ? null : now, carrier, mayCorrect));
            }
        });
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
                attempt(new Attempt<>(request, handler, attempt.key(), answer.gatewayTime(), attempt.carrier(), false));
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
