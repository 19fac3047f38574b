package dev.masque.server.dial;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** The order in which addresses are tried, RFC 8305, section 4. Without state. */
public final class AddressOrder {
    /** Enough for any service that works; what a name server lists beyond is not tried. */
    static final int MOST = 16;

    private AddressOrder() {}

    /**
     * Takes turns between the families, IPv6 first, and keeps the order within each.
     *
     * @param addresses in the resolver's order
     * @return the first of them, 16 at most
     */
    public static List<InetAddress> interleave(List<InetAddress> addresses) {
        List<InetAddress> ipv6 = new ArrayList<>();
        List<InetAddress> ipv4 = new ArrayList<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address ? ipv6 : ipv4).add(address);
        }
        List<InetAddress> ordered = new ArrayList<>();
        for (int i = 0; i < Math.max(ipv6.size(), ipv4.size()); i++) {
            if (i < ipv6.size()) {
                ordered.add(ipv6.get(i));
            }
            if (i < ipv4.size()) {
                ordered.add(ipv4.get(i));
            }
        }
        return List.copyOf(ordered.subList(0, Math.min(MOST, ordered.size())));
    }
}
