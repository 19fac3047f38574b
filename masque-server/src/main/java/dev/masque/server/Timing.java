package dev.masque.server;

import dev.masque.server.dial.Timer;
import java.time.Duration;

/** Where the time of one request goes. Written by one step after the other. */
final class Timing {
    private final Timer timer;
    private final long start;
    private volatile long resolve;
    private volatile long connect;

    Timing(Timer timer) {
        this.timer = timer;
        this.start = timer.nanoTime();
    }

    long now() {
        return timer.nanoTime();
    }

    void resolved(long since) {
        resolve = timer.nanoTime() - since;
    }

    void connected(long since) {
        connect = timer.nanoTime() - since;
    }

    Duration resolve() {
        return Duration.ofNanos(resolve);
    }

    Duration connect() {
        return Duration.ofNanos(connect);
    }

    /** What the proxy itself added. */
    Duration proxy() {
        return Duration.ofNanos(Math.max(0, timer.nanoTime() - start - resolve - connect));
    }
}
