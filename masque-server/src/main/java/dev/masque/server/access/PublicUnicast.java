package dev.masque.server.access;

import java.net.InetAddress;
import java.util.List;

/**
 * Tells public unicast addresses from all others: the IANA special-purpose registries (RFC 6890), multicast, and what
 * translates to IPv4 inside IPv6. Without state.
 */
final class PublicUnicast {
    /** Of IPv6, all but global unicast is closed, so loopback, mapped, NAT64, unique and link local, multicast need no line. */
    private static final IpPrefix GLOBAL_IPV6 = IpPrefix.parse("2000::/3"); // RFC 4291, 2.4

    private static final List<IpPrefix> SPECIAL = List.of(
            IpPrefix.parse("0.0.0.0/8"), // this network, RFC 791
            IpPrefix.parse("10.0.0.0/8"), // private, RFC 1918
            IpPrefix.parse("100.64.0.0/10"), // carrier-grade NAT, RFC 6598
            IpPrefix.parse("127.0.0.0/8"), // loopback, RFC 1122
            IpPrefix.parse("168.63.129.16/32"), // a cloud's metadata service on an address that looks public
            IpPrefix.parse("169.254.0.0/16"), // link local and metadata, RFC 3927
            IpPrefix.parse("172.16.0.0/12"), // private, RFC 1918
            IpPrefix.parse("192.0.0.0/24"), // protocol assignments, RFC 6890
            IpPrefix.parse("192.0.2.0/24"), // documentation, RFC 5737
            IpPrefix.parse("192.88.99.0/24"), // 6to4 relays, RFC 7526
            IpPrefix.parse("192.168.0.0/16"), // private, RFC 1918
            IpPrefix.parse("198.18.0.0/15"), // benchmarks, RFC 2544
            IpPrefix.parse("198.51.100.0/24"), // documentation, RFC 5737
            IpPrefix.parse("203.0.113.0/24"), // documentation, RFC 5737
            IpPrefix.parse("224.0.0.0/4"), // multicast, RFC 5771
            IpPrefix.parse("240.0.0.0/4"), // reserved and broadcast, RFC 1112
            IpPrefix.parse("2001::/23"), // Teredo, benchmarks, ORCHID, RFC 2928
            IpPrefix.parse("2001:db8::/32"), // documentation, RFC 3849
            IpPrefix.parse("2002::/16"), // 6to4, RFC 3056
            IpPrefix.parse("3fff::/20")); // documentation, RFC 9637

    private PublicUnicast() {}

    static boolean contains(InetAddress address) {
        IpPrefix single = IpPrefix.of(address, address.getAddress().length * 8);
        return (single.isIpv4() || GLOBAL_IPV6.contains(single))
                && SPECIAL.stream().noneMatch(range -> range.contains(single));
    }

    /** Whether a range has no public address at all, so that naming it can only mean to open it. */
    static boolean excludes(IpPrefix range) {
        boolean outsideGlobal = !range.isIpv4() && !GLOBAL_IPV6.contains(range) && !range.contains(GLOBAL_IPV6);
        return outsideGlobal || SPECIAL.stream().anyMatch(special -> special.contains(range));
    }
}
