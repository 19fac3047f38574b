package dev.masque.ohttp.gateway;

import dev.masque.ohttp.GatewayKey;
import dev.masque.ohttp.GatewayKeys;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.KeyType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway's keys over time (RFC 9458, 6.4 and 6.6). A new generation is made every period and published alone, so that all
 * clients use the same keys; the one before is taken for the time of the overlap and then forgotten. Changes happen when
 * somebody asks and the time has come. Thread-safe.
 *
 * <pre>{@code
 * KeyRing keys = KeyRing.builder().store(Path.of("ohttp-keys")).period(Duration.ofDays(7)).build();
 * }</pre>
 */
public final class KeyRing {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

    /** Identifiers in use at a time; there are 256. */
    private static final int MAX_KEYS = 128;

    /** When to try again to store keys. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final KeyRingBuilder settings;
    private final Clock clock;
    private final SecureRandom random;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile State state;

    /** What is in use until something is due. */
    private record State(List<KeptKey> kept, GatewayKeys accepted, ByteBuffer published, Instant due) {
        State until(Instant later) {
            return new State(kept, accepted, published, later);
        }
    }

    KeyRing(KeyRingBuilder settings) throws IOException {
        this.settings = settings;
        this.clock = settings.clock;
        this.random = settings.random;
        List<KeptKey> kept = settings.store == null ? List.of() : settings.store.load();
        this.state = after(kept, false);
    }

    /**
     * Keys that are yet to be described.
     *
     * @return a builder
     */
    public static KeyRingBuilder builder() {
        return new KeyRingBuilder();
    }

    /**
     * The keys that requests are taken for now.
     *
     * @return the current generation and those whose overlap lasts
     */
    public GatewayKeys accepted() {
        return now().accepted();
    }

    /**
     * The content of {@code application/ohttp-keys}: the current generation, the same bytes for everybody.
     *
     * @return read-only; a view of its own
     */
    public ByteBuffer published() {
        return now().published().duplicate();
    }

    /**
     * How long clients may keep what is published.
     *
     * @return not longer than the overlap
     */
    public Duration cacheFor() {
        return settings.cacheFor;
    }

    /**
     * Begins a new generation now, as after a leak; the one before lasts for its overlap.
     *
     * @throws IOException if it cannot be stored; then nothing has changed
     */
    public void rotate() throws IOException {
        changing.lock();
        try {
            state = after(state.kept(), true);
        } finally {
            changing.unlock();
        }
    }

    /** The state, changed first if that is due. Others go on with what there is meanwhile. */
    private State now() {
        State current = state;
        if (clock.instant().isBefore(current.due()) || !changing.tryLock()) {
            return current;
        }
        try {
            if (!clock.instant().isBefore(state.due())) {
                state = after(state.kept(), false);
            }
        } catch (IOException e) {
            LOG.debug("new keys cannot be stored; the old ones stay in use");
            state = state.until(clock.instant().plus(RETRY));
        } finally {
            changing.unlock();
        }
        return state;
    }

    private State after(List<KeptKey> before, boolean anew) throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS); // as the store has it
        List<KeptKey> kept = new ArrayList<>(before);
        kept.removeIf(key -> !now.isBefore(key.created().plus(settings.period).plus(settings.overlap)));
        boolean changed = kept.size() != before.size();
        if (anew || !isCurrent(kept, now)) {
            while (kept.size() + settings.types.size() > MAX_KEYS) {
                kept.remove(kept.size() - 1); // the oldest
            }
            int id = kept.isEmpty()
                    ? random.nextInt(256)
                    : kept.get(0).key().config().keyId();
            List<KeptKey> generation = new ArrayList<>();
            long number = kept.isEmpty() ? 0 : kept.get(0).generation() + 1;
            for (KeyType type : settings.types) {
                id = unused(id, kept, generation);
                generation.add(new KeptKey(GatewayKey.generate(id, type, random), number, now));
            }
            kept.addAll(0, generation);
            changed = true;
        }
        if (changed && settings.store != null) {
            settings.store.save(kept);
        }
        return state(kept);
    }

    private boolean isCurrent(List<KeptKey> kept, Instant now) {
        return !kept.isEmpty()
                && now.isBefore(kept.get(0).created().plus(settings.period))
                && newest(kept).stream().map(key -> key.type()).toList().equals(settings.types);
    }

    private static List<GatewayKey> newest(List<KeptKey> kept) {
        return kept.stream()
                .filter(key -> key.generation() == kept.get(0).generation())
                .map(KeptKey::key)
                .toList();
    }

    private State state(List<KeptKey> kept) {
        Instant expiry = kept.stream()
                .map(KeptKey::created)
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .plus(settings.period)
                .plus(settings.overlap);
        Instant rotation = kept.get(0).created().plus(settings.period);
        List<KeyConfig> current = newest(kept).stream().map(GatewayKey::config).toList();
        return new State(
                List.copyOf(kept),
                GatewayKeys.of(kept.stream().map(KeptKey::key).toList()),
                KeyConfig.encodeList(current).asReadOnlyBuffer(),
                rotation.isBefore(expiry) ? rotation : expiry);
    }

    private static int unused(int last, List<KeptKey> kept, List<KeptKey> generation) {
        int id = last;
        do {
            id = (id + 1) & 0xff;
        } while (uses(kept, id) || uses(generation, id));
        return id;
    }

    private static boolean uses(List<KeptKey> keys, int id) {
        return keys.stream().anyMatch(key -> key.key().config().keyId() == id);
    }

    @Override
    public String toString() {
        return "a ring of " + state.kept().size() + " keys";
    }
}
