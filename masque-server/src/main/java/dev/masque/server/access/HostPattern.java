package dev.masque.server.access;

import dev.masque.core.Target;
import java.net.InetAddress;

/** The part of a rule that says which hosts it is about. Immutable. */
sealed interface HostPattern {
    /** The more, the narrower; comparable among names and among ranges. */
    int specificity();

    /** {@code *}: every name and address. */
    record Any() implements HostPattern {
        @Override
        public int specificity() {
            return -1;
        }

        @Override
        public String toString() {
            return "*";
        }
    }

    /** An exact name, or every name below one. */
    record Name(String name, boolean below) implements HostPattern {
        boolean matches(String host) {
            return below ? host.length() > name.length() + 1 && host.endsWith("." + name) : host.equals(name);
        }

        @Override
        public int specificity() {
            return name.length() * 2 + (below ? 0 : 1);
        }

        @Override
        public String toString() {
            return below ? "*." + name : name;
        }
    }

    /** An address or a range of them. */
    record Range(IpPrefix prefix) implements HostPattern {
        boolean matches(InetAddress address) {
            return prefix.contains(address);
        }

        @Override
        public int specificity() {
            return prefix.length();
        }

        @Override
        public String toString() {
            return prefix.isIpv4() ? prefix.toString() : "[" + prefix + "]";
        }
    }

    static HostPattern parse(String text) {
        if (text.equals("*")) {
            return new Any();
        }
        if (text.startsWith("*.")) {
            return new Name(name(text.substring(2)), true);
        }
        boolean address = text.indexOf('/') >= 0
                || text.indexOf(':') >= 0
                || Target.of(text, 1).isAddress();
        return address ? new Range(IpPrefix.parse(text)) : new Name(name(text), false);
    }

    private static String name(String text) {
        Target target = Target.of(text, 1);
        if (target.isAddress()) {
            throw new IllegalArgumentException("an address where a name should be: " + text);
        }
        return withoutRoot(target.host());
    }

    /** A name without the dot of the root, so that {@code example.com.} is {@code example.com}. */
    static String withoutRoot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
