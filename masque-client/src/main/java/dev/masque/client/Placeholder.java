package dev.masque.client;

import dev.masque.core.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses of targets whose name only the proxy resolves. Without state. */
final class Placeholder {
    /** The IPv4 dummy address, RFC 7600, 5.5: leads nowhere, should somebody try. */
    private static final byte[] DUMMY = {(byte) 192, 0, 0, 8};

    private Placeholder() {}

    /** The address of a literal; for a name one that has the name and stands for nothing. Resolves nothing. */
    static InetAddress address(Target target) {
        return target.address().orElseGet(() -> {
            try {
                return InetAddress.getByAddress(target.host(), DUMMY);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("four bytes are an address", e);
            }
        });
    }

    /** Unresolved for a name. */
    static InetSocketAddress socketAddress(Target target) {
        return target.address()
                .map(address -> new InetSocketAddress(address, target.port()))
                .orElseGet(() -> InetSocketAddress.createUnresolved(target.host(), target.port()));
    }
}
