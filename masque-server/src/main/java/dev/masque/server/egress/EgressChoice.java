package dev.masque.server.egress;

import dev.masque.geohash.Choice;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Where a tunnel leaves from, and why. Immutable. */
public final class EgressChoice {
    /** There are no default pools: the system chooses. */
    static final EgressChoice SYSTEM = new EgressChoice(null, null, null);

    private final @Nullable EgressPool pool;
    private final @Nullable InetAddress address;
    private final @Nullable Choice<EgressPool> choice;

    private EgressChoice(
            @Nullable EgressPool pool, @Nullable InetAddress address, @Nullable Choice<EgressPool> choice) {
        this.pool = pool;
        this.address = address;
        this.choice = choice;
    }

    static EgressChoice of(EgressPool pool, InetAddress address, Choice<EgressPool> choice) {
        return new EgressChoice(pool, address, choice);
    }

    /**
     * The pool.
     *
     * @return empty if the system chooses, because there is no default pool
     */
    public Optional<EgressPool> pool() {
        return Optional.ofNullable(pool);
    }

    /**
     * The address.
     *
     * @return an address of the pool; null if the system chooses
     */
    public @Nullable InetAddress address() {
        return address;
    }

    /**
     * Why this was chosen.
     *
     * @return the nearest, one of the country, or the default
     */
    public Choice.Match match() {
        return choice == null ? Choice.Match.DEFAULT : choice.match();
    }

    /**
     * How far the pool is from the hint's cell.
     *
     * @return metres along a great circle, empty if it was not chosen for its distance
     */
    public OptionalDouble distanceMetres() {
        return choice == null ? OptionalDouble.empty() : choice.distanceMetres();
    }

    /** Without the address. */
    @Override
    public String toString() {
        return match() + (pool == null ? "" : " " + pool);
    }
}
