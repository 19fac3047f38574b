package dev.masque.ohttp.exchange;

import com.sun.net.httpserver.HttpExchange;
import dev.masque.ohttp.OhttpException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves exchanges, a bounded number at a time, each in the thread it comes in, and none for ever. Thread-safe. */
public final class Exchanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);

    private final Watchdog watchdog;
    private final Semaphore permits;
    private final Duration timeout;
    private final @Nullable String intermediary;

    /** What one kind of server does. */
    public interface Service {
        /**
         * Serves an exchange.
         *
         * @param exchange what came
         * @param tally sends the answer
         * @param abort ends the exchange
         * @throws StatusException to refuse it, if it is not answered yet
         * @throws OhttpException the same
         * @throws IOException to break it off
         */
        void serve(HttpExchange exchange, Tally tally, Abort abort) throws IOException;
    }

    /**
     * Serves none yet.
     *
     * @param name of threads
     * @param concurrency how many exchanges at a time; more are refused with 503
     * @param timeout how long an exchange that is over may take to close
     * @param intermediary what says in {@code Proxy-Status} why it refuses; null to say nothing
     */
    public Exchanges(String name, int concurrency, Duration timeout, @Nullable String intermediary) {
        this.watchdog = new Watchdog(name);
        this.permits = new Semaphore(concurrency);
        this.timeout = timeout;
        this.intermediary = intermediary;
    }

    /**
     * Ends what takes too long.
     *
     * @return always the same
     */
    public Watchdog watchdog() {
        return watchdog;
    }

    /**
     * Serves an exchange.
     *
     * @param exchange what came; closed afterwards
     * @param service serves it
     * @param over told when it is over
     */
    public void handle(HttpExchange exchange, Service service, Consumer<Tally> over) {
        Tally tally = new Tally(exchange);
        Abort abort = new Abort();
        try {
            if (permits.tryAcquire()) {
                try {
                    serve(exchange, service, tally, abort);
                } finally {
                    permits.release();
                }
            } else {
                refuse(exchange, new StatusException(503), tally, abort);
            }
        } catch (IOException e) {
            LOG.debug("an exchange broke off");
        } finally {
            over.accept(tally);
            close(exchange, tally, abort);
        }
    }

    private void serve(HttpExchange exchange, Service service, Tally tally, Abort abort) throws IOException {
        try {
            service.serve(exchange, tally, abort);
        } catch (StatusException e) {
            if (!abort.aborted()) {
                refuse(exchange, e, tally, abort);
            }
        } catch (OhttpException e) {
            refuse(exchange, refusal(e), tally, abort);
        }
    }

    /** May take what is left of the request. */
    private void refuse(HttpExchange exchange, StatusException refusal, Tally tally, Abort abort) throws IOException {
        if (tally.status() != 0) {
            return;
        }
        if (intermediary != null) {
            exchange.getResponseHeaders().set("Proxy-Status", refusal.error().member(intermediary));
        }
        try (Watchdog.Watch refusing = watchdog.watch(timeout, abort)) {
            tally.refuse(refusal);
        }
    }

    private static StatusException refusal(OhttpException failure) {
        return switch (failure.kind()) {
            case UNKNOWN_KEY -> new StatusException(422, Problem.UNKNOWN_KEY); // RFC 9458, 6.4
            case UNDECRYPTABLE -> new StatusException(422, Problem.WRONG_KEY);
            case TOO_LARGE -> new StatusException(413);
            case MALFORMED, TRUNCATED -> new StatusException(400);
        };
    }

    /** Closing reads what is left of the request, which may take as long as its sender likes. */
    private void close(HttpExchange exchange, Tally tally, Abort abort) {
        try (Watchdog.Watch closing = watchdog.watch(timeout, abort)) {
            if (abort.aborted()) {
                tally.breakOff();
            }
            exchange.close();
        } finally {
            abort.finish();
        }
    }

    /** Ends what is watched. */
    @Override
    public void close() {
        watchdog.close();
    }
}
