package dev.masque.server;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.DialOptions;
import dev.masque.server.auth.Principal;
import dev.masque.server.dial.HappyEyeballs;
import dev.masque.server.dial.Timer;
import dev.masque.server.event.TunnelKind;
import dev.masque.server.relay.Tunnel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The fifth and sixth step: the source address, and the socket towards the target. Thread-safe. */
final class Dialer {
    private final Relays relays;
    private final Sources sources;
    private final Duration timeout;
    private final Timer timer;

    Dialer(Relays relays, Sources sources, Duration timeout, Timer timer) {
        this.relays = relays;
        this.sources = sources;
        this.timeout = timeout;
        this.timer = timer;
    }

    /** Connects to the first address that answers; cancelling the result stops all attempts. */
    CompletableFuture<Tunnel> dial(Dialling wanted, List<InetAddress> addresses) {
        long deadline = timer.nanoTime() + timeout.toNanos();
        boolean tcp = wanted.request().kind() == TunnelKind.TCP;
        boolean either = addresses.stream()
                        .map(Inet6Address.class::isInstance)
                        .distinct()
                        .count()
                == 2;
        CompletableFuture<Tunnel> race = HappyEyeballs.race(
                addresses,
                address -> attempt(wanted, address, either, deadline),
                Tunnel::discard,
                tcp ? HappyEyeballs.ATTEMPT_DELAY : null, // a UDP socket answers at once, so there is no race
                timer);
        if (!race.isDone()) {
            Runnable cancel = timer.after(timeout, () -> race.completeExceptionally(tooLate()));
            race.whenComplete((tunnel, failure) -> cancel.run());
        }
        return race;
    }

    private static NextHopException tooLate() {
        return new NextHopException(ProxyErrorType.CONNECTION_TIMEOUT, "no connection in time", null);
    }

    private CompletionStage<Tunnel> attempt(Dialling wanted, InetAddress address, boolean either, long deadline) {
        TunnelRequest request = wanted.request();
        Principal principal = wanted.principal();
        ClientConnection connection = wanted.connection();
        SourceQuery query = new SourceQuery(
                address,
                request.kind(),
                connection.id(),
                principal,
                request.head().fields(),
                wanted.hint());
        InetSocketAddress target =
                new InetSocketAddress(address, request.target().port());
        return sources.dial(
                query,
                either,
                wanted.notes(),
                (source, anySource) -> {
                    Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - timer.nanoTime()));
                    DialOptions options =
                            new DialOptions(source, left, wanted.stream().executor(), anySource);
                    return relays.connect(wanted, target, address instanceof Inet6Address, options);
                },
                Tunnel::discard);
    }
}
