package dev.masque.privacypass;

import java.io.IOException;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer: drawn, stored, and changed on a schedule, so that there is always one to sign with and tokens of
 * the one before still count. Requests carry the last byte of a key's id only, so no two keys of a type share it.
 * Thread-safe. RFC 9578, 4 and 5.5.
 *
 * <pre>{@code
 * try (IssuerKeys keys = IssuerKeys.builder()
 *         .types(TokenType.BLIND_RSA, TokenType.VOPRF_P384)
 *         .directory(Path.of("/var/lib/issuer"))
 *         .open()) {
 *     TokenIssuer issuer = TokenIssuer.of(keys);
 *     ...
 * }
 * }</pre>
 */
public final class IssuerKeys implements VerificationKeys, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

    /** How wrong the clock of a client may be that uses a key as soon as it may. */
    static final Duration SKEW = Duration.ofMinutes(5);

    /** With more keys of a type than this, looking for a free last byte becomes work. */
    private static final int MOST_KEYS = 200;

    /** The same order whoever holds the keys: all clients shall get the same directory. */
    private static final Comparator<IssuerKey> NEWEST_FIRST = Comparator.comparing(IssuerKey::notBefore)
            .reversed()
            .thenComparing(key -> key.tokenKey().type().value())
            .thenComparing(key -> key.tokenKey().id().toString());

    private final Set<TokenType> types;
    private final KeySchedule schedule;
    private final @Nullable Path directory;
    private final Clock clock;
    private final UnaryOperator<IssuerKey> signing;
    private final ReentrantLock rotation = new ReentrantLock();
    private final @Nullable ScheduledExecutorService timer;
    private volatile List<IssuerKey> keys = List.of();

    private IssuerKeys(Builder builder) throws IOException {
        this.types = Set.copyOf(builder.types);
        this.schedule = builder.schedule;
        this.directory = builder.directory;
        this.clock = builder.clock;
        this.signing = builder.signing;
        List<IssuerKey> known = new ArrayList<>(builder.keys);
        if (directory != null) {
            known.addAll(KeyFile.load(directory));
        }
        keys = known.stream().map(signing).sorted(NEWEST_FIRST).toList();
        rotate();
        timer = builder.rotating ? startTimer() : null;
    }

    /**
     * Keys to be set up.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Draws the keys that are due and forgets those whose time has passed. Goes on by itself in the background unless the
     * keys were opened without; calling it at other times does no harm.
     *
     * @throws IOException if keys cannot be stored; those that were drawn are then not used
     */
    public void rotate() throws IOException {
        rotation.lock();
        try {
            Instant now = clock.instant();
            List<IssuerKey> left = new ArrayList<>();
            for (IssuerKey key : keys) {
                if (key.expires().isAfter(now)) {
                    left.add(key);
                } else if (directory != null) {
                    KeyFile.delete(directory, key);
                }
            }
            for (TokenType type : types) {
                draw(type, now, left);
            }
            left.sort(NEWEST_FIRST);
            keys = List.copyOf(left);
        } finally {
            rotation.unlock();
        }
    }

    private void draw(TokenType type, Instant now, List<IssuerKey> all) throws IOException {
        Instant latest = all.stream()
                .filter(key -> key.tokenKey().type().equals(type))
                .map(IssuerKey::notBefore)
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
        Instant end = latest.equals(Instant.MIN) ? latest : latest.plus(schedule.period());
        if (!end.isAfter(now)) { // none, or none that is current
            end = add(type, now, all).plus(schedule.period());
        }
        if (!end.minus(schedule.announce()).isAfter(now)) {
            add(type, end, all);
        }
    }

    private Instant add(TokenType type, Instant notBefore, List<IssuerKey> all) throws IOException {
        List<Integer> taken = all.stream()
                .map(IssuerKey::tokenKey)
                .filter(key -> key.type().equals(type))
                .map(TokenKey::truncatedId)
                .toList();
        if (taken.size() >= MOST_KEYS) {
            throw new IllegalStateException(
                    "too many keys of type " + type + ": a schedule with longer periods needs fewer");
        }
        IssuerKey key;
        do {
            key = signing.apply(schedule.generate(type, notBefore));
        } while (taken.contains(key.tokenKey().truncatedId()));
        if (directory != null) {
            KeyFile.save(directory, key);
        }
        all.add(key);
        return notBefore;
    }

    /**
     * All keys whose tokens count, and those to come, the newest first: the order of the directory. RFC 9578, 4.
     *
     * @return the keys as they are now
     */
    public List<IssuerKey> list() {
        Instant now = clock.instant();
        return keys.stream().filter(key -> key.expires().isAfter(now)).toList();
    }

    /**
     * The key that clients shall ask for now.
     *
     * @param type the type of token
     * @return the key; empty if there is none
     */
    @Override
    public Optional<TokenKey> current(TokenType type) {
        Instant now = clock.instant();
        return keys.stream()
                .filter(key -> key.tokenKey().type().equals(type))
                .filter(key -> !key.notBefore().isAfter(now) && key.signsUntil().isAfter(now))
                .map(IssuerKey::tokenKey)
                .findFirst();
    }

    @Override
    public Optional<VerificationKey> find(TokenType type, Bytes id) {
        return keys.stream()
                .map(IssuerKey::verificationKey)
                .filter(key -> key.key().type().equals(type) && key.id().equals(id))
                .filter(key -> key.expires().isAfter(clock.instant()))
                .findFirst();
    }

    /**
     * For how long the directory may be kept: no longer than keys are announced ahead.
     *
     * @return the time, a day at most
     */
    public Duration cacheable() {
        Duration day = Duration.ofDays(1);
        return schedule.announce().compareTo(day) < 0 ? schedule.announce() : day;
    }

    /** The key that a request is for, if it signs now. */
    Optional<IssuerKey> signing(TokenType type, int truncatedId) {
        Instant now = clock.instant();
        return keys.stream()
                .filter(key ->
                        key.tokenKey().type().equals(type) && key.tokenKey().truncatedId() == truncatedId)
                .filter(key -> !key.notBefore().minus(SKEW).isAfter(now)
                        && key.signsUntil().isAfter(now))
                .findFirst();
    }

    private ScheduledExecutorService startTimer() {
        ScheduledExecutorService service = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setName("issuer-keys");
            thread.setDaemon(true);
            return thread;
        });
        long often = Math.max(1, Math.min(schedule.period().toMillis() / 20, TimeUnit.HOURS.toMillis(1)));
        service.scheduleWithFixedDelay(this::rotateQuietly, often, often, TimeUnit.MILLISECONDS);
        return service;
    }

    private void rotateQuietly() {
        try {
            rotate();
        } catch (IOException | RuntimeException e) {
            LOG.debug("keys not changed", e); // tried again soon; the current one lasts until then
        }
    }

    /** Stops the changing of keys, and does not wait. The keys can still be used. */
    @Override
    public void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
    }

    /** Sets up keys. For one thread. */
    public static final class Builder {
        private final List<TokenType> types = new ArrayList<>();
        private final List<IssuerKey> keys = new ArrayList<>();
        private KeySchedule schedule = KeySchedule.WEEKLY;
        private @Nullable Path directory;
        private Clock clock = Clock.systemUTC();
        private boolean rotating = true;
        private UnaryOperator<IssuerKey> signing = UnaryOperator.identity();

        private Builder() {}

        /**
         * The types of token that keys are drawn for.
         *
         * @param some the types
         * @return this builder
         * @throws IllegalArgumentException if one is unknown
         */
        public Builder types(TokenType... some) {
            for (TokenType type : some) {
                type.requireLayout();
                types.add(type);
            }
            return this;
        }

        /**
         * A key that was made elsewhere. It is used like the others, but not stored.
         *
         * @param key the key
         * @return this builder
         */
        public Builder key(IssuerKey key) {
            keys.add(key);
            return this;
        }

        /**
         * When keys change.
         *
         * @param when the schedule; {@link KeySchedule#WEEKLY} by default
         * @return this builder
         */
        public Builder schedule(KeySchedule when) {
            this.schedule = when;
            return this;
        }

        /**
         * Where keys are stored, for one issuer alone; without it they are gone with the process.
         *
         * @param path a directory, made if it is not there
         * @return this builder
         */
        public Builder directory(Path path) {
            this.directory = path;
            return this;
        }

        /**
         * The clock.
         *
         * @param time what tells the time; the system's by default
         * @return this builder
         */
        public Builder clock(Clock time) {
            this.clock = time;
            return this;
        }

        /**
         * Signs type 0x0002 with the RSA of a security provider in native code, 1.7 times as often as without. What it gets
         * is blinded, and what it makes is checked.
         *
         * <pre>{@code
         * IssuerKeys.builder().rsaProvider(Conscrypt.newProvider())
         * }</pre>
         *
         * @param provider has the cipher {@code RSA/ECB/NoPadding}, as Conscrypt ({@code org.conscrypt:conscrypt-openjdk-uber})
         *     has; if it does not work, {@link #open} throws {@link IllegalArgumentException}
         * @return this builder
         */
        public Builder rsaProvider(Provider provider) {
            this.signing = key -> key.using(provider);
            return this;
        }

        /**
         * Leaves the changing of keys to calls of {@link IssuerKeys#rotate}.
         *
         * @return this builder
         */
        public Builder rotatedByCaller() {
            this.rotating = false;
            return this;
        }

        /**
         * Loads the keys and draws those that are missing, which takes seconds for partially blind RSA.
         *
         * @return the keys
         * @throws IOException if they cannot be loaded or stored
         * @throws IllegalArgumentException if the {@link #rsaProvider} does not sign
         */
        public IssuerKeys open() throws IOException {
            return new IssuerKeys(this);
        }
    }
}
