package dev.masque.privacypass.attest;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tokens a client gets: so many at once, and as many again over a time. Kept in memory, for clients that are known
 * alone. Thread-safe.
 */
public final class Quota {
    /** When more are remembered, those are forgotten that have all of their tokens again. */
    private static final int SWEEP = 100_000;

    /** What a client had left at a time. */
    private record Left(double tokens, long millis) {}

    private final int tokens;
    private final Duration per;
    private final Clock clock;
    private final Map<String, Left> clients = new ConcurrentHashMap<>();

    private Quota(int tokens, Duration per, Clock clock) {
        if (tokens < 1 || per.toMillis() < 1) {
            throw new IllegalArgumentException("quota of " + tokens + " per " + per);
        }
        this.tokens = tokens;
        this.per = per;
        this.clock = clock;
    }

    /**
     * A number of tokens per time.
     *
     * @param tokens how many at once, at least 1
     * @param per how long it takes until there are as many again; a millisecond at least
     * @return the quota
     * @throws IllegalArgumentException if one of them is less
     */
    public static Quota of(int tokens, Duration per) {
        return new Quota(tokens, per, Clock.systemUTC());
    }

    /**
     * The same by another clock.
     *
     * @param clock what tells the time
     * @return a new quota
     */
    public Quota withClock(Clock clock) {
        return new Quota(tokens, per, clock);
    }

    /** Takes tokens from what a client has left; false, taking none, if it has less. */
    boolean take(String client, int count) {
        if (clients.size() > SWEEP) {
            long now = clock.millis();
            clients.values().removeIf(left -> refilled(left, now) >= tokens);
        }
        boolean[] taken = new boolean[1];
        clients.compute(client, (name, left) -> {
            long now = clock.millis();
            double has = left == null ? tokens : refilled(left, now);
            taken[0] = has >= count;
            return new Left(taken[0] ? has - count : has, now);
        });
        return taken[0];
    }

    /** Gives tokens back that were not issued. */
    void giveBack(String client, int count) {
        clients.computeIfPresent(client, (name, left) -> new Left(Math.min(tokens, left.tokens + count), left.millis));
    }

    private double refilled(Left left, long now) {
        double gained = (double) tokens * Math.max(0, now - left.millis) / per.toMillis();
        return Math.min(tokens, left.tokens + gained);
    }
}
