package dev.masque.ohttp.gateway;

import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.exchange.StatusException;
import dev.masque.ohttp.exchange.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A target in the same process: an application that is its own gateway. Thread-safe. */
final class HandlerTarget implements Target {
    private final HttpHandler handler;
    private final ExecutorService workers = Workers.create("ohttp-target");

    HandlerTarget(HttpHandler handler) {
        this.handler = handler;
    }

    @Override
    public Answer call(Request request, Duration limit) throws IOException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        InnerExchange exchange = new InnerExchange(request, answer);
        Future<?> task;
        try {
            task = workers.submit(() -> run(exchange, answer));
        } catch (RejectedExecutionException e) {
            throw new StatusException(503);
        }
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.abandon();
            task.cancel(true);
            throw new StatusException(504);
        } catch (InterruptedException e) {
            exchange.abandon();
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new StatusException(503);
        } catch (ExecutionException e) {
            throw new StatusException(500);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a handler does wrong is its own and must not go further
    private void run(InnerExchange exchange, CompletableFuture<Answer> answer) {
        try {
            handler.handle(exchange); // which may answer later, from another thread, as with the JDK's server
        } catch (Exception | Error e) {
            exchange.abandon();
            answer.completeExceptionally(new IOException("the handler gave no answer"));
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
