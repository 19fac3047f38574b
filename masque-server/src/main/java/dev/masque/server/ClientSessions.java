package dev.masque.server;

import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.StreamHandler;
import dev.masque.server.event.ConnectionClosed;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.ServerListener;
import dev.masque.server.site.Site;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connections of clients, and where their requests go. Thread-safe. */
final class ClientSessions implements SessionHandler {
    /** What a client gets to end a connection on which nothing happens any more. */
    private static final Duration LEAVING = Duration.ofSeconds(1);

    private final Map<HttpSession, ClientConnection> open = new ConcurrentHashMap<>();
    private final TunnelSteps steps;
    private final Site site;
    private final int most;
    private final Object gone = new Object();
    private volatile boolean draining;

    ClientSessions(TunnelSteps steps, Site site, int most) {
        this.steps = steps;
        this.site = site;
        this.most = most;
    }

    @Override
    public void opened(HttpSession session) {
        if (open.size() >= most) {
            session.close();
            return;
        }
        ClientConnection connection =
                new ClientConnection(session, steps.timer().nanoTime());
        open.put(session, connection);
        SessionInfo info = session.info();
        listener()
                .connectionOpened(new ConnectionOpened(
                        connection.id(), info.version(), Optional.ofNullable(info.tlsProtocol()), info.handshake()));
        if (draining) {
            session.drain();
        }
    }

    private ServerListener listener() {
        return steps.listener();
    }

    @Override
    public StreamHandler request(HttpStream stream) {
        ClientConnection connection = open.get(stream.session());
        if (connection == null) {
            stream.reset(ResetReason.REFUSED);
            return new AnsweredStream(stream, steps.leftovers());
        }
        return stream.request().method().equals("CONNECT")
                ? new TunnelStream(steps, stream, connection)
                : site.request(stream, new OrdinaryAnswers(steps, connection));
    }

    @Override
    public void closed(HttpSession session, @Nullable Throwable cause) {
        ClientConnection connection = open.remove(session);
        if (connection != null) {
            Duration duration = Duration.ofNanos(steps.timer().nanoTime() - connection.since());
            listener()
                    .connectionClosed(
                            new ConnectionClosed(connection.id(), session.info().version(), duration, cause == null));
        }
    }

    /** Asks every client to leave, those that are on their way in too. */
    void drain() {
        draining = true;
        open.keySet().forEach(HttpSession::drain);
    }

    /** Waits until the last request is answered and the last client has left. */
    boolean awaitIdle(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        if (!site.awaitIdle(patience)) {
            return false;
        }
        long last = Math.min(deadline, System.nanoTime() + LEAVING.toNanos());
        synchronized (gone) {
            for (long left = last - System.nanoTime(); left > 0 && !open.isEmpty(); left = last - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(gone, left);
            }
        }
        return true;
    }

    int count() {
        return open.size();
    }
}
