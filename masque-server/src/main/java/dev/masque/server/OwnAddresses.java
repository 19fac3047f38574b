package dev.masque.server;

import dev.masque.server.dial.Timer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where this proxy itself is, so that nobody reaches it or its host through it. Thread-safe. */
final class OwnAddresses {
    private static final long FRESH = TimeUnit.SECONDS.toNanos(30);

    private final Timer timer;
    private final List<InetSocketAddress> listening;

    private record Snapshot(Set<InetAddress> addresses, long taken) {}

    @Nullable private volatile Snapshot snapshot;

    /** Starts with addresses that only the configuration knows, such as those in front of a NAT. */
    OwnAddresses(List<InetSocketAddress> advertised, Timer timer) {
        this.listening = new CopyOnWriteArrayList<>(advertised);
        this.timer = timer;
    }

    void add(InetSocketAddress address) {
        listening.add(address);
    }

    /** Whether a connection to this would come back to this proxy. */
    boolean isListening(InetAddress address, int port) {
        for (InetSocketAddress own : listening) {
            if (own.getPort() == port) {
                InetAddress bound = own.getAddress();
                boolean reaches = bound.isAnyLocalAddress() ? isOfThisHost(address) : bound.equals(address);
                if (reaches || address.isAnyLocalAddress()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether this is an address of the host that the proxy runs on. */
    boolean isOfThisHost(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || current().contains(address);
    }

    private Set<InetAddress> current() {
        Snapshot last = snapshot;
        if (last == null || timer.nanoTime() - last.taken > FRESH) {
            last = new Snapshot(read(), timer.nanoTime());
            snapshot = last;
        }
        return last.addresses;
    }

    private static Set<InetAddress> read() {
        Set<InetAddress> addresses = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(addresses::add);
        } catch (SocketException e) {
            return addresses; // no interfaces: nothing to protect but loopback, which is
        }
        return addresses;
    }
}
