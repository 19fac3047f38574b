package dev.masque.server;

import dev.masque.server.dial.Timer;
import dev.masque.server.event.ConfigurationReloaded;
import dev.masque.server.event.ServerListener;
import dev.masque.server.location.HintTrust;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Looks every few seconds whether files and keys have changed, on a thread that may block. Ends with the timer. */
final class Refresher {
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Map<String, Reloading> sources;
    private final @Nullable HintTrust trust;
    private final ServerListener listener;
    private final Executor executor;
    private final Timer timer;
    private final AtomicBoolean running = new AtomicBoolean();
    private boolean keysFailed;

    Refresher(
            Map<String, Reloading> sources,
            @Nullable HintTrust trust,
            ServerListener listener,
            Executor executor,
            Timer timer) {
        this.sources = sources;
        this.trust = trust;
        this.listener = listener;
        this.executor = executor;
        this.timer = timer;
    }

    void start() {
        if (!sources.isEmpty() || trust != null) {
            tick();
        }
    }

    private void tick() {
        timer.after(INTERVAL, this::tick);
        if (running.compareAndSet(false, true)) {
            try {
                executor.execute(this::refresh);
            } catch (RejectedExecutionException e) {
                running.set(false); // the server ends
            }
        }
    }

    private void refresh() {
        try {
            sources();
            keys();
        } finally {
            running.set(false);
        }
    }

    private void sources() {
        sources.forEach((what, source) -> {
            try {
                if (source.reload()) {
                    tell(what, Optional.empty());
                }
            } catch (IOException e) {
                tell(what, Optional.of(problem(e)));
            } catch (RuntimeException e) { // an embedder's, which must not end the others
                tell(what, Optional.of(e.getClass().getSimpleName()));
            }
        });
    }

    /** Says once that they cannot be had. */
    private void keys() {
        try {
            if (trust != null) {
                trust.refresh();
                keysFailed = false;
            }
        } catch (IOException e) {
            if (!keysFailed) {
                keysFailed = true;
                tell("attestation keys", Optional.of(problem(e)));
            }
        }
    }

    private static String problem(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private void tell(String what, Optional<String> problem) {
        listener.configurationReloaded(new ConfigurationReloaded(what, problem));
    }
}
