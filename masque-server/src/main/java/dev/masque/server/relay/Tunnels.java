package dev.masque.server.relay;

import dev.masque.server.dial.Timer;
import dev.masque.server.event.CloseReason;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelKind;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All tunnels that stand. Thread-safe. Finds idle ones by looking at all of them now and then, so that a tunnel needs no
 * timer of its own and moving bytes does not touch one.
 */
public final class Tunnels {
    private final Set<Tunnel> open = ConcurrentHashMap.newKeySet();
    private final Timer timer;
    private final ServerListener listener;
    private final long tcpIdle;
    private final long udpIdle;
    private final long halfClosed;

    /**
     * No tunnels yet.
     *
     * @param timer the clock
     * @param listener is told of each tunnel
     * @param tcpIdle how long nothing may move in a TCP tunnel
     * @param udpIdle the same of a UDP tunnel
     * @param halfClosed the same of a TCP tunnel of which one direction has ended
     */
    public Tunnels(Timer timer, ServerListener listener, Duration tcpIdle, Duration udpIdle, Duration halfClosed) {
        this.timer = timer;
        this.listener = listener;
        this.tcpIdle = tcpIdle.toNanos();
        this.udpIdle = udpIdle.toNanos();
        this.halfClosed = halfClosed.toNanos();
    }

    void add(Tunnel tunnel) {
        open.add(tunnel);
        listener.tunnelOpened(tunnel.opened());
    }

    void remove(Tunnel tunnel, CloseReason reason) {
        if (open.remove(tunnel)) {
            Duration duration = Duration.ofNanos(timer.nanoTime() - tunnel.since());
            listener.tunnelClosed(
                    new TunnelClosed(tunnel.opened(), tunnel.toTarget(), tunnel.toClient(), duration, reason));
        }
    }

    long nanoTime() {
        return timer.nanoTime();
    }

    long idleNanos(TunnelKind kind, boolean half) {
        return kind == TunnelKind.UDP ? udpIdle : half ? Math.min(halfClosed, tcpIdle) : tcpIdle;
    }

    /**
     * How often {@link #sweep} is to be called.
     *
     * @return a fraction of the shortest time-out
     */
    public Duration sweepInterval() {
        long shortest = Math.min(Math.min(tcpIdle, udpIdle), halfClosed);
        return Duration.ofNanos(Math.max(5_000_000, Math.min(1_000_000_000, shortest / 8)));
    }

    /** Ends the tunnels that are idle. Called by one thread at a time. */
    public void sweep() {
        long now = timer.nanoTime();
        for (Tunnel tunnel : open) {
            if (tunnel.isIdle(now)) {
                tunnel.end(CloseReason.IDLE);
            }
        }
    }

    /** Ends all tunnels because the server does. */
    public void endAll() {
        open.forEach(tunnel -> tunnel.end(CloseReason.SHUTDOWN));
    }

    /**
     * How many tunnels stand.
     *
     * @return 0 or more
     */
    public int count() {
        return open.size();
    }
}
