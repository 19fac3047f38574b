package dev.masque.core.contract;

import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.StreamHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps what happens on the sessions of one side, and notes what must never happen. */
final class SessionRecorder implements SessionHandler {
    final CompletableFuture<HttpSession> opened = new CompletableFuture<>();
    final CompletableFuture<Boolean> draining = new CompletableFuture<>();
    final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();
    final List<HttpSession> sessions = new CopyOnWriteArrayList<>();

    /** Makes the handlers of requests. */
    volatile Function<HttpStream, ? extends Recorder> onRequest = stream -> new Recorder();

    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<HttpSession> over = new CopyOnWriteArrayList<>();
    private final List<Side> streams = new ArrayList<>();
    private final BlockingQueue<Side> accepted = new LinkedBlockingQueue<>();

    /** Counts a stream that must have heard of its end before its session does. */
    Side add(Side side) {
        synchronized (streams) {
            streams.add(side);
        }
        return side;
    }

    @Override
    public void opened(HttpSession session) {
        if (sessions.contains(session)) {
            violations.add("opened twice");
        }
        sessions.add(session);
        opened.complete(session);
    }

    @Override
    public StreamHandler request(HttpStream stream) {
        if (!sessions.contains(stream.session()) || over.contains(stream.session())) {
            violations.add("a request outside the life of its session");
        }
        Recorder events = onRequest.apply(stream);
        accepted.add(add(new Side(stream, events)));
        return events;
    }

    @Override
    public void draining(HttpSession session) {
        draining.complete(true);
    }

    @Override
    public void closed(HttpSession session, @Nullable Throwable cause) {
        if (!sessions.contains(session) || over.contains(session)) {
            violations.add("closed twice, or without being opened");
        }
        over.add(session);
        synchronized (streams) {
            for (Side side : streams) {
                if (side.stream().session() == session && !side.events().isClosed()) {
                    violations.add("the session is closed before its streams");
                }
            }
        }
        closed.complete(cause);
    }

    Side next() {
        try {
            Side side = accepted.poll(Recorder.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            return Objects.requireNonNull(side, "no request in time");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean hasNext() {
        return !accepted.isEmpty();
    }

    List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        synchronized (streams) {
            streams.forEach(side -> all.addAll(side.events().violations()));
        }
        return all;
    }
}
