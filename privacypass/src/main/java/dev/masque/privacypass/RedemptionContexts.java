package dev.masque.privacypass;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.crypto.SecretKey;

/**
 * What an origin binds tokens to, beside its name. RFC 9577, 2.1.2. Called by many threads at once; does not block.
 */
public interface RedemptionContexts {
    /**
     * What challenges carry now.
     *
     * @return empty, or 32 bytes
     */
    Bytes current();

    /**
     * What tokens may answer now.
     *
     * @return the contexts, the current one among them
     */
    List<Bytes> accepted();

    /**
     * For how long an answer to the current challenge is taken.
     *
     * @return the time; zero if it does not matter
     */
    Duration maxAge();

    /**
     * Nothing: tokens can be kept ahead of need, and used with every server that takes them, once.
     *
     * @return an empty context
     */
    static RedemptionContexts none() {
        return fixed(Bytes.copyOf(new byte[0]));
    }

    /**
     * Always the same.
     *
     * @param context empty, or 32 bytes
     * @return the context
     */
    static RedemptionContexts fixed(Bytes context) {
        return new RedemptionContexts() {
            @Override
            public Bytes current() {
                return context;
            }

            @Override
            public List<Bytes> accepted() {
                return List.of(context);
            }

            @Override
            public Duration maxAge() {
                return Duration.ZERO;
            }
        };
    }

    /**
     * A window of time: tokens count in the one that they were asked for in, and in the next.
     *
     * @param secret of the servers that take the same tokens, for HMAC with SHA-256
     * @param window how long; a second at least
     * @param clock what tells the time
     * @return the contexts
     * @throws IllegalArgumentException if the window is shorter, or the secret cannot be used
     */
    static RedemptionContexts windows(SecretKey secret, Duration window, Clock clock) {
        if (window.toSeconds() < 1) {
            throw new IllegalArgumentException("window " + window);
        }
        TimeWindows windows = new TimeWindows(secret, window, clock);
        windows.accepted(); // tells of an unusable secret now
        return windows;
    }
}
