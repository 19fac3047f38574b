package dev.masque.privacypass.http;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.TokenKey;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.VerificationKey;
import dev.masque.privacypass.VerificationKeys;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer elsewhere, as its directory says, followed while it runs. A key that has left the directory
 * counts for some time longer; so do all of them when the directory cannot be had. Thread-safe; answers at once.
 */
public final class DirectoryKeys implements VerificationKeys, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryKeys.class);

    private static final Duration KEY_LIFE = Duration.ofDays(30);

    private final IssuerClient issuer;
    private final Duration grace;
    private final Duration keyLife;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private volatile Map<Bytes, VerificationKey> keys = Map.of();
    private volatile @Nullable IssuerDirectory directory;

    private DirectoryKeys(IssuerClient issuer, Duration grace, Duration every, Duration keyLife, Clock clock)
            throws IOException {
        this.issuer = issuer;
        this.grace = grace;
        this.keyLife = keyLife;
        this.clock = clock;
        refresh();
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setName("issuer-directory");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::refreshQuietly, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Follows the directory of an issuer whose keys stand in it for 30 days at most.
     *
     * @param issuer the issuer
     * @param grace for how long a key counts after it was last seen in the directory
     * @param every how often to look, within what the directory says of caching
     * @return the keys
     * @throws IOException if the directory cannot be had now
     */
    public static DirectoryKeys follow(IssuerClient issuer, Duration grace, Duration every) throws IOException {
        return follow(issuer, grace, every, KEY_LIFE);
    }

    /**
     * Follows the directory of an issuer.
     *
     * @param issuer the issuer
     * @param grace for how long a key counts after it was last seen in the directory
     * @param every how often to look, within what the directory says of caching
     * @param keyLife for how long a key stands in the directory at most, which the directory does not say; spent tokens are
     *     remembered for this time and the grace, and could be used again if the key were there for longer
     * @return the keys
     * @throws IOException if the directory cannot be had now
     */
    public static DirectoryKeys follow(IssuerClient issuer, Duration grace, Duration every, Duration keyLife)
            throws IOException {
        return new DirectoryKeys(issuer, grace, every, keyLife, Clock.systemUTC());
    }

    static DirectoryKeys follow(IssuerClient issuer, Duration grace, Duration every, Clock clock) throws IOException {
        return new DirectoryKeys(issuer, grace, every, KEY_LIFE, clock);
    }

    /**
     * Looks at the directory now, unless it may be kept for longer.
     *
     * @throws IOException if it cannot be had
     */
    public void refresh() throws IOException {
        Instant now = clock.instant();
        IssuerDirectory fetched = issuer.directory();
        Map<Bytes, VerificationKey> next = new HashMap<>();
        keys.values().stream().filter(key -> key.expires().isAfter(now)).forEach(key -> next.put(key.id(), key));
        for (IssuerDirectory.Entry entry : fetched.keys()) {
            if (entry.key().type().publiclyVerifiable()) {
                add(entry, now.plus(grace), next);
            }
        }
        keys = Map.copyOf(next);
        directory = fetched;
    }

    private void add(IssuerDirectory.Entry entry, Instant expires, Map<Bytes, VerificationKey> to) {
        try {
            Instant notBefore = entry.notBefore().orElse(Instant.EPOCH);
            VerificationKey key =
                    VerificationKey.of(entry.key(), notBefore, expires).rememberUntil(expires.plus(keyLife));
            to.put(key.id(), key);
        } catch (PrivacyPassException e) {
            LOG.debug("a key in the directory that is none", e); // the others count
        }
    }

    private void refreshQuietly() {
        try {
            refresh();
        } catch (IOException | RuntimeException e) {
            LOG.debug("no directory", e); // the keys count until their grace has passed
        }
    }

    @Override
    public Optional<VerificationKey> find(TokenType type, Bytes id) {
        return Optional.ofNullable(keys.get(id)).filter(key -> key.key().type().equals(type));
    }

    @Override
    public Optional<TokenKey> current(TokenType type) {
        IssuerDirectory last = directory;
        return last == null || !type.publiclyVerifiable() ? Optional.empty() : last.current(type, clock.instant());
    }

    /** Stops following, and does not wait. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
