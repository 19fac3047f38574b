package dev.masque.server;

import dev.masque.core.Target;
import dev.masque.server.relay.Tunnel;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The steps between authentication and the answer: from here, or through another proxy. Thread-safe. */
interface Route {
    /** Whether a target may be reached, and at which addresses; at none of which this proxy knows, if another resolves it. */
    CompletableFuture<List<InetAddress>> find(Target target);

    /** Connects to one of the addresses. Cancelling the result stops all attempts. */
    CompletableFuture<Tunnel> dial(Dialling wanted, List<InetAddress> addresses);
}
