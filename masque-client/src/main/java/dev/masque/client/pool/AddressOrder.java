package dev.masque.client.pool;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The order in which addresses are tried: IPv6 and IPv4 in turns, IPv6 first. RFC 8305, section 4. Without state. */
final class AddressOrder {
    private AddressOrder() {}

    static List<InetAddress> of(List<InetAddress> addresses) {
        Queue<InetAddress> six = new ArrayDeque<>();
        Queue<InetAddress> four = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address ? six : four).add(address);
        }
        List<InetAddress> ordered = new ArrayList<>(addresses.size());
        while (!six.isEmpty() || !four.isEmpty()) {
            if (!six.isEmpty()) {
                ordered.add(six.remove());
            }
            if (!four.isEmpty()) {
                ordered.add(four.remove());
            }
        }
        return ordered;
    }
}
