package dev.masque.kwik;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import tech.kwik.core.QuicConnection;

/**
 * Closes a QUIC connection so that the peer hears of it. Kwik throws away what waits to be sent when it closes: the last bytes
 * of streams that ended properly, and on a client perhaps the end of the handshake, without which the server understands
 * nothing of what follows. So a farewell waits until the peer has it all, two seconds at most. Thread-safe.
 */
final class Farewell {
    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final H3Session session;
    private final QuicConnection quic;
    private final long code;
    private final String reason;
    private final boolean settles;
    private final Runnable done;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();
    private final AtomicBoolean said = new AtomicBoolean();

    /** For one connection, whose streams have ended if it {@code settles}; {@code done} is run when it is closed. */
    Farewell(H3Session session, long code, String reason, boolean settles, Runnable done) {
        this.session = session;
        this.quic = session.connection();
        this.code = code;
        this.reason = reason;
        this.settles = settles;
        this.done = done;
    }

    /** Closes as soon as it makes sense. */
    void say() {
        if (isReady() || System.nanoTime() - deadline >= 0) {
            sayNow();
        } else {
            session.later(POLL, this::say);
        }
    }

    private boolean isReady() {
        return (session.isServer() || Kwik.isConfirmed(quic)) && (!settles || session.isSettled());
    }

    void sayNow() {
        if (said.compareAndSet(false, true)) {
            quic.close(code, reason);
            done.run();
        }
    }
}
