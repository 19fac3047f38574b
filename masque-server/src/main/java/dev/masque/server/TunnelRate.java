package dev.masque.server;

import dev.masque.server.auth.Principal;
import dev.masque.server.dial.Timer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds how many tunnels a principal opens in a second: a token bucket each. Thread-safe. Clients without a name share the
 * bucket of their network: an IPv4 address, or the /56 of an IPv6 one.
 */
final class TunnelRate {
    private static final int MOST_BUCKETS = 100_000;
    private static final double SECOND = 1e9;

    private final int perSecond;
    private final Timer timer;
    private final Map<Object, Bucket> buckets = new ConcurrentHashMap<>();

    private record Network(String method, String prefix) {}

    TunnelRate(int perSecond, Timer timer) {
        this.perSecond = perSecond;
        this.timer = timer;
    }

    void take(Principal principal, InetAddress client) throws RefusedException {
        Object key = principal.name().isEmpty() ? new Network(principal.method(), prefix(client)) : principal;
        Bucket bucket = buckets.get(key);
        if (bucket == null) {
            // an attacker with many networks gets one bucket for all that are too many
            Object admitted = buckets.size() < MOST_BUCKETS ? key : "others";
            bucket = buckets.computeIfAbsent(admitted, any -> new Bucket(2.0 * perSecond, timer.nanoTime()));
        }
        if (!bucket.take(timer.nanoTime(), perSecond)) {
            throw new RefusedException(Refusal.rateLimited(Duration.ofSeconds(1)));
        }
    }

    private static String prefix(InetAddress client) {
        byte[] bytes = client.getAddress();
        return Arrays.toString(Arrays.copyOf(bytes, bytes.length == 4 ? 4 : 7));
    }

    /** Forgets buckets that are full again. */
    void sweep() {
        long now = timer.nanoTime();
        buckets.values().removeIf(bucket -> bucket.isFull(now, perSecond));
    }

    private static final class Bucket {
        private double tokens;
        private long filled;

        Bucket(double tokens, long now) {
            this.tokens = tokens;
            this.filled = now;
        }

        synchronized boolean take(long now, int perSecond) {
            fill(now, perSecond);
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }

        synchronized boolean isFull(long now, int perSecond) {
            fill(now, perSecond);
            return tokens >= 2.0 * perSecond;
        }

        private void fill(long now, int perSecond) {
            tokens = Math.min(2.0 * perSecond, tokens + Math.max(0, now - filled) * perSecond / SECOND);
            filled = Math.max(filled, now);
        }
    }
}
