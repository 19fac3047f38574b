package dev.masque.server.access;

import dev.masque.core.Target;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which targets a proxy may reach. Without rules: all ports of public unicast addresses, nothing else. Immutable.
 *
 * <p>A rule is {@code HOST[:PORTS]}: HOST is a CIDR, an address, a name, {@code *.name} (every name below it) or {@code *};
 * PORTS is a port, a range or {@code *}. The order of rules does not matter: of the rules on names the narrowest that
 * matches counts, and of those on addresses likewise; if either denies, the target is denied. {@code *} counts where no
 * narrower rule matches. Between rules on the same hosts the narrower ports win, then the denial.
 *
 * <p>Addresses are checked as they are about to be dialled. Those that are not public unicast stay closed unless an allowed
 * CIDR or address names them: one that has no public address in it. An allowed name does not open what it resolves to.
 *
 * <pre>{@code
 * AccessPolicy.builder().allow("10.1.0.0/16:443").build();               // and everything public
 * AccessPolicy.builder().deny("*").allow("*.example.com:443").build();   // nothing else
 * }</pre>
 */
public final class AccessPolicy {
    private static final AccessPolicy PUBLIC_ONLY = builder().build();

    private final List<AccessRule> names;
    private final List<AccessRule> ranges;
    private final List<AccessRule> general;

    /** All that there is to reach, if it is a policy of a first hop. */
    private final Set<Target> nextHops;

    private AccessPolicy(List<AccessRule> rules, Set<Target> nextHops) {
        this.nextHops = Set.copyOf(nextHops);
        this.names = select(rules, rule -> rule.host() instanceof HostPattern.Name);
        this.ranges = select(rules, rule -> rule.host() instanceof HostPattern.Range);
        this.general = select(rules, rule -> rule.host() instanceof HostPattern.Any);
    }

    private static List<AccessRule> select(List<AccessRule> rules, Predicate<AccessRule> kind) {
        return rules.stream()
                .filter(kind)
                .sorted(AccessRule.MOST_SPECIFIC_FIRST)
                .toList();
    }

    /**
     * The default: public unicast addresses, any port.
     *
     * @return a policy without rules
     */
    public static AccessPolicy publicOnly() {
        return PUBLIC_ONLY;
    }

    /**
     * For the first proxy of a chain: nothing but the next proxies, on TCP and UDP. Their addresses may be private ones, since
     * whoever lists them knows; each is reached under the name, or address, that is listed and under no other.
     *
     * @param proxies names or addresses, with their ports; at least one
     * @return a policy
     * @throws IllegalArgumentException if there is none
     */
    public static AccessPolicy nextHopsOnly(Collection<Target> proxies) {
        if (proxies.isEmpty()) {
            throw new IllegalArgumentException("no next hop");
        }
        return new AccessPolicy(
                List.of(), proxies.stream().map(AccessPolicy::withoutRoot).collect(Collectors.toSet()));
    }

    private static Target withoutRoot(Target target) {
        return target.isAddress() ? target : Target.of(HostPattern.withoutRoot(target.host()), target.port());
    }

    /**
     * Starts without rules.
     *
     * @return a builder, for one thread
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Decides what can be decided before a name is resolved.
     *
     * @param target the target
     * @return {@link AccessDecision#ALLOWED} if the addresses are to decide
     */
    public AccessDecision beforeResolving(Target target) {
        if (!nextHops.isEmpty()) {
            return nextHop(target);
        }
        Optional<AccessRule> name = nameRule(target);
        if (name.isPresent()) {
            return name.get().allows() ? AccessDecision.ALLOWED : AccessDecision.TARGET_DENIED;
        }
        boolean rangeMayAllow = ranges.stream().anyMatch(rule -> rule.allows() && rule.matchesPort(target));
        return rangeMayAllow || !isGenerallyDenied(target) ? AccessDecision.ALLOWED : AccessDecision.TARGET_DENIED;
    }

    /**
     * Decides on an address of a target.
     *
     * @param target the target
     * @param address its address, or one that its name resolved to: the very one that is dialled
     * @return the decision
     */
    public AccessDecision decide(Target target, InetAddress address) {
        if (!nextHops.isEmpty()) {
            return nextHop(target);
        }
        Optional<AccessRule> name = nameRule(target);
        if (name.isPresent() && !name.get().allows()) {
            return AccessDecision.TARGET_DENIED;
        }
        if (address instanceof Inet4Address && target.host().indexOf(':') >= 0) {
            return AccessDecision.ADDRESS_DENIED; // IPv4-mapped, which the JDK turns into IPv4
        }
        Optional<AccessRule> range = rangeRule(target, address);
        if (range.isPresent() && !range.get().allows()) {
            return AccessDecision.ADDRESS_DENIED;
        }
        boolean open = PublicUnicast.contains(address)
                || range.map(AccessRule::opensSpecial).orElse(false);
        if (!open) {
            return AccessDecision.ADDRESS_DENIED;
        }
        boolean named = name.isPresent() || range.isPresent();
        return named || !isGenerallyDenied(target) ? AccessDecision.ALLOWED : AccessDecision.TARGET_DENIED;
    }

    /**
     * Decides on a target that another proxy resolves and connects. Rules on names and ports hold as ever. Those on addresses
     * hold for a target that is an address; for a name, which may resolve to any, they neither open nor close. Whether addresses
     * that are not public unicast are open is for the other proxy to decide.
     *
     * @param target the target
     * @return the decision
     */
    public AccessDecision withoutResolving(Target target) {
        if (!nextHops.isEmpty()) {
            return nextHop(target);
        }
        Optional<AccessRule> name = nameRule(target);
        if (name.isPresent()) {
            return name.get().allows() ? AccessDecision.ALLOWED : AccessDecision.TARGET_DENIED;
        }
        Optional<InetAddress> literal = target.address();
        if (literal.isPresent()) {
            if (literal.get() instanceof Inet4Address && target.host().indexOf(':') >= 0) {
                return AccessDecision.ADDRESS_DENIED; // IPv4-mapped, which the JDK turns into IPv4
            }
            Optional<AccessRule> range = rangeRule(target, literal.get());
            if (range.isPresent()) {
                return range.get().allows() ? AccessDecision.ALLOWED : AccessDecision.ADDRESS_DENIED;
            }
        }
        return isGenerallyDenied(target) ? AccessDecision.TARGET_DENIED : AccessDecision.ALLOWED;
    }

    /**
     * Whether a rule names an address: an address of the proxy itself is then no longer closed as such.
     *
     * @param target the target
     * @param address its address
     * @return true if the narrowest rule on addresses that matches allows it, or it is a next hop
     */
    public boolean names(Target target, InetAddress address) {
        return nextHops.contains(withoutRoot(target))
                || rangeRule(target, address).map(AccessRule::allows).orElse(false);
    }

    private AccessDecision nextHop(Target target) {
        return nextHops.contains(withoutRoot(target)) ? AccessDecision.ALLOWED : AccessDecision.TARGET_DENIED;
    }

    private Optional<AccessRule> rangeRule(Target target, InetAddress address) {
        return ranges.stream()
                .filter(rule -> rule.matchesPort(target))
                .filter(rule -> rule.host() instanceof HostPattern.Range pattern && pattern.matches(address))
                .findFirst();
    }

    private Optional<AccessRule> nameRule(Target target) {
        if (names.isEmpty() || target.isAddress()) {
            return Optional.empty();
        }
        String host = HostPattern.withoutRoot(target.host());
        return names.stream()
                .filter(rule -> rule.matchesPort(target))
                .filter(rule -> rule.host() instanceof HostPattern.Name pattern && pattern.matches(host))
                .findFirst();
    }

    private boolean isGenerallyDenied(Target target) {
        return general.stream()
                .filter(rule -> rule.matchesPort(target))
                .findFirst()
                .map(rule -> !rule.allows())
                .orElse(false);
    }

    /** The rules, narrowest first. */
    @Override
    public String toString() {
        if (!nextHops.isEmpty()) {
            return "next hops " + nextHops;
        }
        List<AccessRule> all = new ArrayList<>(names);
        all.addAll(ranges);
        all.addAll(general);
        return all.toString();
    }

    /** Collects rules. Not thread-safe. */
    public static final class Builder {
        private final List<AccessRule> rules = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a rule that allows.
         *
         * @param rule {@code HOST[:PORTS]}
         * @return this builder
         * @throws IllegalArgumentException if it is no rule
         */
        public Builder allow(String rule) {
            rules.add(AccessRule.parse(true, rule));
            return this;
        }

        /**
         * Adds a rule that denies.
         *
         * @param rule {@code HOST[:PORTS]}
         * @return this builder
         * @throws IllegalArgumentException if it is no rule
         */
        public Builder deny(String rule) {
            rules.add(AccessRule.parse(false, rule));
            return this;
        }

        /**
         * The policy.
         *
         * @return an immutable policy of the rules so far
         */
        public AccessPolicy build() {
            return new AccessPolicy(rules, Set.of());
        }
    }
}
