package dev.masque.kwik;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import tech.kwik.core.QuicConnection;

/**
 * Closes a QUIC connection so that the peer hears of it. Kwik throws away what waits to be sent when it closes: on a client that
 * can be the end of the handshake, without which the server understands nothing of what follows. So a client's farewell waits
 * until the server has confirmed the handshake, half a second at most. Thread-safe.
 */
final class Farewell {
    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final H3Session session;
    private final QuicConnection quic;
    private final long code;
    private final String reason;
    private final Runnable done;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();
    private final AtomicBoolean said = new AtomicBoolean();

    /** For one connection; {@code done} is run when it is closed. */
    Farewell(H3Session session, long code, String reason, Runnable done) {
        this.session = session;
        this.quic = session.connection();
        this.code = code;
        this.reason = reason;
        this.done = done;
    }

    /** Closes as soon as it makes sense. */
    void say() {
        if (session.isServer() || Kwik.isConfirmed(quic) || System.nanoTime() - deadline >= 0) {
            sayNow();
        } else {
            session.later(POLL, this::say);
        }
    }

    void sayNow() {
        if (said.compareAndSet(false, true)) {
            quic.close(code, reason);
            done.run();
        }
    }
}
