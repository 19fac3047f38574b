package dev.masque.server;

import dev.masque.core.Target;
import dev.masque.server.relay.Tunnel;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Resolves and connects targets itself. Thread-safe. */
record DirectRoute(TargetAddresses addresses, Dialer dialer) implements Route {
    @Override
    public CompletableFuture<List<InetAddress>> find(Target target) {
        return addresses.find(target);
    }

    @Override
    public CompletableFuture<Tunnel> dial(Dialling wanted, List<InetAddress> found) {
        return dialer.dial(wanted, found);
    }
}
