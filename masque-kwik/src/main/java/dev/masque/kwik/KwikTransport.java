package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.RawKeysException;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.Transport;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** HTTP/3 on kwik, client and server. Thread-safe. */
final class KwikTransport implements Transport {
    static final String NAME = "kwik";

    private static final int CLOSE_SECONDS = 3;
    private static final int FAREWELL_POLLS = 420;

    private final ExecutorService pool = Threads.blocking("masque-kwik");
    private final ScheduledExecutorService timer = Threads.timer("masque-kwik-timer");
    private final Set<Connecting> attempts = ConcurrentHashMap.newKeySet();
    private final Set<H3Session> sessions = ConcurrentHashMap.newKeySet();
    private final Set<KwikListening> listenings = ConcurrentHashMap.newKeySet();
    private final Map<H3Session, Farewell> farewells = new ConcurrentHashMap<>();
    private volatile boolean closed;

    ExecutorService pool() {
        return pool;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    @Override
    public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
        if (closed) {
            return CompletableFuture.failedFuture(new MasqueException("the transport is closed"));
        }
        if (!options.versions().contains(HttpVersion.HTTP_3)) {
            return CompletableFuture.failedFuture(new MasqueException("the transport speaks HTTP/3 only"));
        }
        if (options.rawKeys() != null) {
            return CompletableFuture.failedFuture(RawKeysException.onQuic());
        }
        options.checkAddress();
        Connecting attempt = new Connecting(this, options, handler);
        attempts.add(attempt);
        CompletableFuture<HttpSession> future = attempt.start();
        future.whenComplete((session, failure) -> attempts.remove(attempt));
        return future;
    }

    @Override
    public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
        if (closed) {
            return CompletableFuture.failedFuture(new MasqueException("the transport is closed"));
        }
        if (!options.versions().contains(HttpVersion.HTTP_3)) {
            return CompletableFuture.failedFuture(new MasqueException("the transport speaks HTTP/3 only"));
        }
        if (options.rawKeys() != null) {
            return CompletableFuture.failedFuture(RawKeysException.onQuic());
        }
        if (options.clients() != null) {
            return CompletableFuture.failedFuture(
                    new MasqueException(
                            "kwik cannot ask clients for certificates; put netty-codec-native-quic on the class path, or leave out HTTP/3"));
        }
        try {
            SafeDatagramSocket socket = new SafeDatagramSocket(options.address());
            KwikListening listening = new KwikListening(this, options, handler, socket);
            listenings.add(listening);
            listening.start();
            return CompletableFuture.completedFuture(listening);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    void opened(H3Session session) {
        sessions.add(session);
        if (closed) {
            session.close();
        }
    }

    void gone(H3Session session) {
        sessions.remove(session);
    }

    /** Closes the connection of a session, all of whose streams have ended if it {@code settles}. */
    void say(long code, String reason, boolean settles, H3Session to) {
        Farewell farewell = new Farewell(to, code, reason, settles, () -> farewells.remove(to));
        farewells.put(to, farewell);
        if (timer.isShutdown()) {
            farewell.sayNow();
        } else {
            farewell.say();
        }
    }

    /** Waits until sessions that were closed have said so to their peers. */
    void awaitFarewells(Collection<H3Session> of) {
        try {
            for (int i = 0; i < FAREWELL_POLLS && of.stream().anyMatch(this::hasToSay); i++) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (H3Session session : of) {
            Farewell late = farewells.get(session);
            if (late != null) {
                late.sayNow();
            }
        }
    }

    private boolean hasToSay(H3Session closing) {
        return !closing.isGone() || farewells.containsKey(closing);
    }

    void closed(KwikListening listening) {
        listenings.remove(listening);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        attempts.forEach(Connecting::abort);
        Set<H3Session> closing = new HashSet<>(farewells.keySet());
        closing.addAll(sessions);
        closing.forEach(H3Session::close);
        listenings.forEach(KwikListening::close);
        try {
            awaitFarewells(closing);
            pool.shutdown();
            pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            timer.shutdownNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
