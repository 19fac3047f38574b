package dev.masque.server.egress;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.WatchedFile;
import dev.masque.geohash.CellIndex;
import dev.masque.geohash.Choice;
import dev.masque.geohash.GeoHint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the address that a tunnel leaves from: of the pools in the country of the client's hint the one that is nearest, along a
 * great circle, to the hint's cell; without a cell one that is registered to the country; without a hint, or if nothing is
 * registered to the country, a default one. A client's connection keeps its address for as long as the pools stay; the
 * connections together spread over the pool. Thread-safe, and never blocks but in {@link #reload}.
 *
 * <pre>{@code
 * MasqueServer.builder().egress(EgressSelector.fromGeofeed(Path.of("egress.csv")));
 * }</pre>
 */
public final class EgressSelector {
    private final @Nullable WatchedFile file;
    private final PoolReader reader;
    private final LeaveCountry leave;
    private final Duration pause;
    private final boolean anyIp;
    private final LongSupplier nanoTime;
    private final long seed = new SecureRandom().nextLong();
    private volatile Pools pools;

    private EgressSelector(Builder builder, List<EgressPool> first) {
        file = builder.file;
        reader = builder.reader;
        leave = builder.leave;
        pause = builder.pause;
        anyIp = builder.anyIp;
        nanoTime = builder.nanoTime;
        pools = new Pools(first);
    }

    /**
     * Pools of a file, which a server reads again when it has changed.
     *
     * @param file see {@link Geofeed}
     * @return the selector
     * @throws IOException if the file cannot be read, or a line is wrong
     */
    public static EgressSelector fromGeofeed(Path file) throws IOException {
        return builder().geofeed(file).build();
    }

    /**
     * A selector to configure.
     *
     * @return a builder without pools
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Chooses.
     *
     * @param query what for
     * @return the choice
     * @throws NextHopException if there is no address of this family that may be used, {@code source_addr_not_available}
     */
    public EgressChoice choose(EgressQuery query) throws NextHopException {
        Pools current = pools;
        CellIndex<EgressPool> index = current.index(query.ipv6());
        Predicate<EgressPool> usable = usable(current);
        if (query.hint().isEmpty()) {
            return byDefault(current, index, usable, query);
        }
        GeoHint hint = query.hint().get();
        if (!current.serves(hint.country())) {
            if (leave == LeaveCountry.NEVER) {
                throw unavailable("no egress pool in the country");
            }
            return byDefault(current, index, usable, query);
        }
        Optional<Choice<EgressPool>> choice = index.choose(hint, usable);
        if (choice.isPresent() && choice.get().match() != Choice.Match.DEFAULT) {
            return address(choice.get(), query);
        }
        boolean otherFamily = query.eitherFamily() && isHome(current.index(!query.ipv6()), hint, usable);
        if (leave != LeaveCountry.IF_NOTHING_IS_USABLE || otherFamily) {
            throw unavailable("no egress pool of this family in the country");
        }
        return byDefault(current, index, usable, query);
    }

    private @Nullable Predicate<EgressPool> usable(Pools current) {
        if (!current.anyOut()) {
            return null; // which is quicker
        }
        long now = nanoTime.getAsLong();
        return pool -> current.isUsable(pool, now);
    }

    private static boolean isHome(CellIndex<EgressPool> index, GeoHint hint, @Nullable Predicate<EgressPool> usable) {
        return index.choose(hint, usable)
                .filter(choice -> choice.match() != Choice.Match.DEFAULT)
                .isPresent();
    }

    private EgressChoice byDefault(
            Pools current, CellIndex<EgressPool> index, @Nullable Predicate<EgressPool> usable, EgressQuery query)
            throws NextHopException {
        if (!current.hasDefaults()) {
            return EgressChoice.SYSTEM;
        }
        Choice<EgressPool> choice =
                index.chooseDefault(usable).orElseThrow(() -> unavailable("no default egress pool of this family"));
        return address(choice, query);
    }

    private EgressChoice address(Choice<EgressPool> choice, EgressQuery query) {
        long random = mix(query.connection() ^ seed);
        List<EgressPool> values = choice.values();
        EgressPool pool = values.size() == 1
                ? values.get(0)
                : values.get((int) Long.remainderUnsigned(mix(random), values.size()));
        long lower = query.ipv6() && isZero(random, pool.prefix().length()) ? 1 : random;
        InetAddress address = pool.prefix().address(mix(random + 1), lower);
        return EgressChoice.of(pool, address, choice);
    }

    /** The first address of a prefix is that of its routers: RFC 4291, 2.6.1. In a range of 2^64 nobody meets it. */
    private static boolean isZero(long lower, int length) {
        return length > 64 && length < 127 && lower << (length - 64) == 0;
    }

    /** Spreads the bits of a number over all 64 (the finalizer of SplitMix64); one-to-one. */
    private static long mix(long number) {
        long z = number * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static NextHopException unavailable(String problem) {
        return new NextHopException(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, problem, null);
    }

    /**
     * Takes a pool out for a while, because one of its addresses could not be used.
     *
     * @param pool what was chosen
     * @return true if it was in until now
     */
    public boolean takeOut(EgressPool pool) {
        return pools.takeOut(pool, nanoTime.getAsLong() + pause.toNanos());
    }

    /**
     * For how long a pool is out.
     *
     * @return 30 seconds unless set otherwise
     */
    public Duration pause() {
        return pause;
    }

    /**
     * Whether addresses are used that no interface has.
     *
     * @return false unless set otherwise
     */
    public boolean anyIp() {
        return anyIp;
    }

    /**
     * How many pools there are.
     *
     * @return those that are out included
     */
    public int size() {
        return pools.all.size();
    }

    /**
     * Reads the file again if it has changed. A server does so every few seconds; what stands stays. Blocks.
     *
     * @return false if there is no file, or it is the same
     * @throws IOException if the file cannot be read, or a line is wrong: the pools then stay as they were, and nothing is said
     *     of it again until the file has changed once more
     */
    public boolean reload() throws IOException {
        if (file == null || !file.hasChanged()) {
            return false;
        }
        pools = new Pools(reader.read(file.path()));
        return true;
    }

    /**
     * Tells how a choice comes about.
     *
     * @param hint where a client wants to be
     * @param ipv6 for targets of which family
     * @return the choice, and the pools that it was made from
     */
    public EgressExplanation explain(Optional<GeoHint> hint, boolean ipv6) {
        return EgressExplanation.of(this, pools, hint, ipv6, nanoTime.getAsLong());
    }

    /** Configures a selector. Not thread-safe. */
    public static final class Builder {
        private @Nullable WatchedFile file;
        private PoolReader reader = Geofeed::read;
        private @Nullable List<EgressPool> given;
        private LeaveCountry leave = LeaveCountry.IF_NOT_SERVED;
        private Duration pause = Duration.ofSeconds(30);
        private boolean anyIp;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /**
         * Takes the pools of a file.
         *
         * @param path see {@link Geofeed}
         * @return this builder
         */
        public Builder geofeed(Path path) {
            return file(path, Geofeed::read);
        }

        /**
         * Takes the pools of a file of another form.
         *
         * @param path the file
         * @param form reads it, now and when it has changed
         * @return this builder
         */
        public Builder file(Path path, PoolReader form) {
            file = new WatchedFile(path);
            reader = form;
            return this;
        }

        /**
         * Takes pools that stay the same.
         *
         * @param pools in the order in which equally near ones are preferred
         * @return this builder
         */
        public Builder pools(List<EgressPool> pools) {
            given = List.copyOf(pools);
            return this;
        }

        /**
         * When a client that names a country may leave from another.
         *
         * @param when {@link LeaveCountry#IF_NOT_SERVED} is the default
         * @return this builder
         */
        public Builder leaveCountry(LeaveCountry when) {
            leave = when;
            return this;
        }

        /**
         * For how long a pool is out whose address could not be bound.
         *
         * @param duration positive; 30 seconds is the default
         * @return this builder
         */
        public Builder pause(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("pause is not positive");
            }
            pause = duration;
            return this;
        }

        /**
         * Uses addresses that no interface has, of prefixes that are routed to this host as a whole (Linux: {@code ip -6 route add
         * local PREFIX dev lo}). Works with Netty's native sockets. An address that is not routed here is then not found out when it
         * is bound: connections from it get no answer.
         *
         * @return this builder
         */
        public Builder useAnyIp() {
            anyIp = true;
            return this;
        }

        /** Tests bring a clock of their own. */
        Builder nanoTime(LongSupplier clock) {
            nanoTime = clock;
            return this;
        }

        /**
         * Makes the selector, and reads the file.
         *
         * @return the selector
         * @throws IOException if the file cannot be read, or a line is wrong
         * @throws IllegalStateException if there is neither a file nor pools, or both
         */
        public EgressSelector build() throws IOException {
            WatchedFile watched = file;
            List<EgressPool> fixed = given;
            if (watched != null && fixed == null) {
                watched.hasChanged(); // before it is read: what changes meanwhile is read again
                return new EgressSelector(this, reader.read(watched.path()));
            }
            if (watched == null && fixed != null) {
                return new EgressSelector(this, fixed);
            }
            throw new IllegalStateException("which pools? a geofeed, or pools");
        }
    }
}
