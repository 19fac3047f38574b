package dev.masque.kwik;

import java.time.Duration;

/**
 * When a session ends by itself: some time after its last stream, or as soon as it is drained. Keeps it alive until then, so
 * that QUIC's idle time-out tells a dead peer from a quiet one. For the session's executor.
 */
final class Lifetime {
    /** QUIC's idle time-out. */
    static final Duration QUIC_IDLE = Duration.ofSeconds(30);

    private static final Duration PING = QUIC_IDLE.dividedBy(3);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final H3Session session;
    private final Duration idleTimeout;
    private final Duration period;
    private long idleSince = System.nanoTime();
    private long lastPing = System.nanoTime();
    private boolean closing;

    Lifetime(H3Session session, Duration idleTimeout) {
        this.session = session;
        this.idleTimeout = idleTimeout;
        Duration quarter = idleTimeout.dividedBy(4);
        Duration second = Duration.ofSeconds(1);
        this.period = quarter.compareTo(second) < 0 ? quarter.plusMillis(1) : second;
        session.later(period, this::tick);
    }

    void streamFinished() {
        idleSince = System.nanoTime();
    }

    /** Closes once the last bytes have reached the peer: kwik drops what is on its way when it closes. */
    void closeWhenSettled() {
        if (!closing) {
            closing = true;
            awaitSettled(System.nanoTime() + LINGER.toNanos());
        }
    }

    private void awaitSettled(long deadline) {
        if (session.isSettled() || System.nanoTime() - deadline >= 0) {
            session.close();
        } else {
            session.later(POLL, () -> awaitSettled(deadline));
        }
    }

    private void tick() {
        if (session.isGone()) {
            return;
        }
        long now = System.nanoTime();
        if (session.isIdle() && now - idleSince >= idleTimeout.toNanos()) {
            session.close();
            return;
        }
        if (now - lastPing >= PING.toNanos()) {
            lastPing = now;
            Kwik.ping(session.connection());
        }
        session.later(period, this::tick);
    }
}
