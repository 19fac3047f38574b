package dev.masque.server.access;

import dev.masque.core.Target;
import java.util.Comparator;

/** One rule: hosts, ports, and whether they are allowed. Immutable. */
record AccessRule(boolean allows, HostPattern host, PortRange ports) {
    /** Narrower hosts first, then narrower ports, then denials. */
    static final Comparator<AccessRule> MOST_SPECIFIC_FIRST = Comparator.comparingInt(
                    (AccessRule rule) -> -rule.host.specificity())
            .thenComparingInt(rule -> rule.ports.size())
            .thenComparing(AccessRule::allows);

    /** {@code HOST[:PORTS]}, IPv6 in brackets if ports follow. */
    static AccessRule parse(boolean allows, String text) {
        try {
            int close = text.indexOf(']');
            int colon = text.lastIndexOf(':');
            if (text.startsWith("[") && close > 0) {
                // [2001:db8::/32]:443, or [2001:db8::]/32:443 as people also write it
                int end = colon > close ? colon : text.length();
                return of(allows, text.substring(1, close) + text.substring(close + 1, end), ports(text, end));
            }
            boolean bareIpv6 = colon >= 0 && text.indexOf(':') != colon;
            int end = bareIpv6 || colon < 0 ? text.length() : colon;
            return of(allows, text.substring(0, end), ports(text, end));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "rule is not HOST[:PORTS] with HOST a CIDR, address, name, *.name or *: " + text + " ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    private static AccessRule of(boolean allows, String host, PortRange ports) {
        return new AccessRule(allows, HostPattern.parse(host), ports);
    }

    private static PortRange ports(String text, int colon) {
        return colon == text.length() ? PortRange.ALL : PortRange.parse(text.substring(colon + 1));
    }

    boolean matchesPort(Target target) {
        return ports.contains(target.port());
    }

    /** Whether this opens addresses that are closed by default: an allowed range without any public address. */
    boolean opensSpecial() {
        return allows && host instanceof HostPattern.Range range && PublicUnicast.excludes(range.prefix());
    }

    @Override
    public String toString() {
        return (allows ? "allow " : "deny ") + host + ":" + ports;
    }
}
