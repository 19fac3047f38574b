package dev.masque.server.access;

/**
 * Reads the plain forms of address literals, without an object for each part: files of prefixes have many. For one thread. What it
 * does not take may still be a literal: the forms of IPv6 that end in IPv4 are left to {@link dev.masque.core.Target}.
 */
final class LiteralReader {
    private final String text;
    private final int end;
    private int at;
    long high;
    long low;

    LiteralReader(String text, int end) {
        this.text = text;
        this.end = end;
    }

    /** Reads four decimal numbers without leading zeros into the upper half of {@link #high}; false if it is something else. */
    boolean ipv4() {
        at = 0;
        long value = 0;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && !skip('.')) {
                return false;
            }
            int octet = octet();
            if (octet < 0) {
                return false;
            }
            value = value << 8 | octet;
        }
        high = value << 32;
        low = 0;
        return at == end;
    }

    private int octet() {
        int start = at;
        int value = 0;
        while (at < end && at - start < 4 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = value * 10 + (text.charAt(at++) - '0');
        }
        boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
        return at == start || value > 255 || leadingZero ? -1 : value;
    }

    /** Reads hexadecimal groups with one {@code ::} at most; false if it is something else. */
    boolean ipv6() {
        at = 0;
        high = 0;
        low = 0;
        int before = groups();
        if (at == end) {
            return before == 8;
        }
        if (before < 0 || before > 7 || !skip(':') || before == 0 && !skip(':')) {
            return false;
        }
        long leftHigh = high;
        long leftLow = low;
        high = 0;
        low = 0;
        int after = groups();
        if (at != end || after < 0 || before + after > 7) {
            return false;
        }
        int shift = (8 - before) * 16; // what stands on the left goes to the top
        if (shift < 64) {
            high |= leftHigh << shift | leftLow >>> (64 - shift);
            low |= leftLow << shift;
        } else if (shift < 128) {
            high |= leftLow << (shift - 64);
        }
        return true;
    }

    /** Reads groups and the colons between them, and stops after a colon that no group follows; negative if there are
     * too many, or a colon is the last. */
    private int groups() {
        int found = 0;
        while (at < end) {
            int start = at;
            int value = 0;
            while (at < end && at - start < 5 && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 0x80) {
                value = value << 4 | Character.digit(text.charAt(at++), 16);
            }
            if (at == start) {
                return found;
            }
            if (at - start > 4 || found == 8) {
                return -1;
            }
            high = high << 16 | low >>> 48;
            low = low << 16 | value;
            found++;
            if (at == end || !skip(':')) {
                return found;
            }
            if (at == end) {
                return -1;
            }
        }
        return found;
    }

    private boolean skip(char c) {
        if (at < end && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
