package dev.masque.server.access;

import dev.masque.core.Target;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A range of IPv4 or IPv6 addresses in CIDR notation, RFC 4632 and RFC 4291, 2.3. Immutable. */
public final class IpPrefix {
    private final boolean ipv4;
    private final long high;
    private final long low;
    private final int length;

    private IpPrefix(boolean ipv4, long high, long low, int length) {
        this.ipv4 = ipv4;
        this.high = high & mask(length);
        this.low = low & mask(length - 64);
        this.length = length;
    }

    /**
     * Parses {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address.
     *
     * @param text the prefix; bits after its length are taken as zero
     * @return the prefix
     * @throws IllegalArgumentException if it is none; IPv4-mapped IPv6 prefixes are not, write the IPv4 one
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        LiteralReader reader = new LiteralReader(text, slash < 0 ? text.length() : slash);
        if (reader.ipv4()) {
            return new IpPrefix(true, reader.high, 0, slash < 0 ? 32 : parseLength(text, slash + 1, 32));
        }
        if (reader.ipv6() && !(reader.high == 0 && reader.low >>> 32 == 0xffff)) { // IPv4-mapped is refused below
            return new IpPrefix(false, reader.high, reader.low, slash < 0 ? 128 : parseLength(text, slash + 1, 128));
        }
        String literal = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = Target.of(literal, 1)
                .address()
                .orElseThrow(() -> new IllegalArgumentException("not an address or prefix: " + text));
        boolean ipv4 = address instanceof Inet4Address;
        if (ipv4 && literal.indexOf(':') >= 0) {
            throw new IllegalArgumentException("IPv4-mapped prefix, write it as IPv4: " + text);
        }
        int bits = ipv4 ? 32 : 128;
        return of(address, slash < 0 ? bits : parseLength(text, slash + 1, bits));
    }

    private static int parseLength(String text, int from, int bits) {
        int length = from == text.length() || text.length() - from > 3 ? bits + 1 : 0;
        for (int i = from; i < text.length() && length <= bits; i++) {
            char c = text.charAt(i);
            length = c >= '0' && c <= '9' ? length * 10 + (c - '0') : bits + 1;
        }
        if (length > bits) {
            throw new IllegalArgumentException("prefix length is not in 0-" + bits + ": " + text);
        }
        return length;
    }

    /**
     * The prefix of an address.
     *
     * @param address the address; its zone is ignored
     * @param length bits that count, 0 to 32 or 128
     * @return the prefix
     */
    public static IpPrefix of(InetAddress address, int length) {
        byte[] bytes = address.getAddress();
        if (length < 0 || length > bytes.length * 8) {
            throw new IllegalArgumentException("prefix length " + length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? new IpPrefix(true, (long) buffer.getInt() << 32, 0, length)
                : new IpPrefix(false, buffer.getLong(), buffer.getLong(), length);
    }

    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }

    /**
     * Whether an address lies in this range.
     *
     * @param address an address of any family
     * @return false also if the families differ
     */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return contains(of(address, bytes.length * 8));
    }

    /**
     * Whether a whole range lies in this one.
     *
     * @param other a range of any family
     * @return true if every address of it is in this range
     */
    public boolean contains(IpPrefix other) {
        return ipv4 == other.ipv4
                && length <= other.length
                && (other.high & mask(length)) == high
                && (other.low & mask(length - 64)) == low;
    }

    /**
     * An address of this range.
     *
     * @param upper the upper half of what comes after the prefix, on IPv6; not looked at on IPv4
     * @param lower the lower half, right-aligned; bits that the prefix covers are not looked at
     * @return the address whose bits after the prefix are these
     */
    public InetAddress address(long upper, long lower) {
        byte[] bytes;
        if (ipv4) {
            int host = (int) ((high | (lower << 32 & ~mask(length))) >>> 32);
            bytes = new byte[] {(byte) (host >>> 24), (byte) (host >>> 16), (byte) (host >>> 8), (byte) host};
        } else {
            bytes = new byte[16];
            ByteBuffer.wrap(bytes).putLong(high | upper & ~mask(length)).putLong(low | lower & ~mask(length - 64));
        }
        return unnamed(bytes);
    }

    private static InetAddress unnamed(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * How many bits count.
     *
     * @return 0 to 32 or 128
     */
    public int length() {
        return length;
    }

    /**
     * Which family.
     *
     * @return true on IPv4
     */
    public boolean isIpv4() {
        return ipv4;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpPrefix that && length == that.length && contains(that);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 + low) * 129 + length;
    }

    @Override
    public String toString() {
        byte[] bytes = ipv4
                ? ByteBuffer.allocate(4).putInt((int) (high >>> 32)).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return unnamed(bytes).getHostAddress() + "/" + length;
    }
}
