package dev.masque.core;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a tunnel leads: a host and a port. Immutable. A name is never resolved here.
 *
 * <pre>{@code
 * Target target = Target.of("example.com", 443);
 * Target same = Target.parse("example.com:443");
 * }</pre>
 *
 * @param host a name in lower-case ASCII (IDN as A-labels), or an IPv4 or IPv6 literal without brackets
 * @param port 1 to 65535
 */
public record Target(String host, int port) {
    private static final int MAX_NAME = 253; // RFC 1035, 2.3.4
    private static final int MAX_LABEL = 63;

    /** Checks both parts; use {@link #of} for names that are not in ASCII and lower case. */
    public Target {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not in 1-65535");
        }
        if (!isIpv4(host) && !isIpv6(host)) {
            checkName(host);
        }
    }

    /**
     * A target as an application names it.
     *
     * @param host a name, also an internationalised one, or an IP literal, IPv6 with or without brackets
     * @param port 1 to 65535
     * @return the target
     * @throws IllegalArgumentException if either is not valid, or the address has a zone id
     */
    public static Target of(String host, int port) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.length() != host.length() && !isIpv6(bare)) {
            throw new IllegalArgumentException("brackets around what is no IPv6 address");
        }
        if (isAscii(bare)) {
            return new Target(bare.toLowerCase(Locale.ROOT), port);
        }
        if (bare.length() > MAX_NAME) {
            throw new IllegalArgumentException("host is too long");
        }
        return new Target(IDN.toASCII(bare, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT), port);
    }

    /**
     * A target in authority form, as the peer of a CONNECT names it (RFC 9110, 9.3.6).
     *
     * @param authority {@code host:port} or {@code [IPv6]:port}
     * @return the target
     * @throws MalformedException if it is anything else: no port, userinfo, zone id, characters that no host has
     */
    public static Target parse(String authority) throws MalformedException {
        int colon = authority.lastIndexOf(':');
        if (colon <= 0) {
            throw new MalformedException("authority without a port");
        }
        String host = authority.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.indexOf(':') >= 0 && !bracketed) {
            throw new MalformedException("IPv6 address without brackets");
        }
        return parse(host, authority.substring(colon + 1));
    }

    /**
     * A target in two parts, as a peer names it.
     *
     * @param host an ASCII name or IP literal, IPv6 with or without brackets
     * @param port decimal digits
     * @return the target
     * @throws MalformedException if either is not valid
     */
    static Target parse(String host, String port) throws MalformedException {
        if (!isAscii(host)) {
            throw new MalformedException("host is not in ASCII");
        }
        try {
            return of(host, parsePort(port));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("host or port is not valid", e);
        }
    }

    private static int parsePort(String port) throws MalformedException {
        if (port.isEmpty() || port.length() > 5) {
            throw new MalformedException("port is not valid");
        }
        for (int i = 0; i < port.length(); i++) {
            if (port.charAt(i) < '0' || port.charAt(i) > '9') {
                throw new MalformedException("port is not valid");
            }
        }
        return Integer.parseInt(port);
    }

    /**
     * Whether the host is an IP literal.
     *
     * @return false for a name
     */
    public boolean isAddress() {
        return isIpv4(host) || isIpv6(host);
    }

    /**
     * The address, if the host is a literal. Nothing is looked up.
     *
     * @return empty for a name
     */
    public Optional<InetAddress> address() {
        if (!isAddress()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(host)); // a literal: the JDK parses, and asks nobody
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not the literal it was", e);
        }
    }

    /**
     * The target in authority form.
     *
     * @return {@code host:port}, IPv6 in brackets
     */
    public String authority() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    @Override
    public String toString() {
        return authority();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** Names of letters, digits, hyphens and underscores that cannot be mistaken for a number by a resolver. */
    private static void checkName(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("host is empty or too long");
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                checkLabel(label);
                label = 0;
                continue;
            }
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_')) {
                throw new IllegalArgumentException("host has an illegal character at " + i);
            }
            label++;
        }
        checkLabel(label);
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (isNumeric(last)) {
            throw new IllegalArgumentException("host looks like an IPv4 address and is none");
        }
    }

    private static void checkLabel(int length) {
        if (length == 0 || length > MAX_LABEL) {
            throw new IllegalArgumentException("host has an empty or too long label");
        }
    }

    /** Whether inet_aton would take this as the last part of an address: 127.1, 2130706433, 0x7f000001. */
    private static boolean isNumeric(String label) {
        if (label.startsWith("0x")) {
            return label.substring(2).chars().allMatch(c -> Character.digit(c, 16) >= 0);
        }
        return label.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Four decimal numbers without leading zeros, RFC 3986, 3.2.2. */
    static boolean isIpv4(String host) {
        int parts = 0;
        int start = 0;
        for (int i = 0; i <= host.length(); i++) {
            if (i < host.length() && host.charAt(i) != '.') {
                continue;
            }
            if (!isDecimalOctet(host, start, i)) {
                return false;
            }
            parts++;
            start = i + 1;
        }
        return parts == 4;
    }

    private static boolean isDecimalOctet(String text, int from, int to) {
        int length = to - from;
        if (length < 1 || length > 3 || length > 1 && text.charAt(from) == '0') {
            return false;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + (c - '0');
        }
        return value <= 255;
    }

    /** Groups of hex digits, one {@code ::} at most, perhaps an IPv4 tail; no zone id. RFC 3986, 3.2.2. */
    static boolean isIpv6(String host) {
        if (host.indexOf(':') < 0 || host.length() > 45) {
            return false;
        }
        int doubled = host.indexOf("::");
        if (doubled < 0) {
            return groups(host, true) == 8;
        }
        int left = groups(host.substring(0, doubled), false);
        int right = groups(host.substring(doubled + 2), true);
        return left >= 0 && right >= 0 && left + right <= 7;
    }

    private static int groups(String text, boolean mayEndInIpv4) {
        if (text.isEmpty()) {
            return 0;
        }
        int count = 0;
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (mayEndInIpv4 && i == parts.length - 1 && isIpv4(parts[i])) {
                count += 2;
            } else if (parts[i].length() >= 1
                    && parts[i].length() <= 4
                    && parts[i].chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80)) {
                count++;
            } else {
                return -1;
            }
        }
        return count;
    }
}
