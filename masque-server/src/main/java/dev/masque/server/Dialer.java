package dev.masque.server;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.Network;
import dev.masque.server.auth.Principal;
import dev.masque.server.dial.HappyEyeballs;
import dev.masque.server.dial.Timer;
import dev.masque.server.event.TunnelKind;
import dev.masque.server.event.TunnelOpened;
import dev.masque.server.relay.TcpRelay;
import dev.masque.server.relay.Tunnel;
import dev.masque.server.relay.Tunnels;
import dev.masque.server.relay.UdpRelay;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The fifth and sixth step: the source address, and the socket towards the target. Thread-safe. */
final class Dialer {
    private final Network network;
    private final Sources sources;
    private final Tunnels tunnels;
    private final Duration timeout;
    private final Timer timer;

    Dialer(Network network, Sources sources, Tunnels tunnels, Duration timeout, Timer timer) {
        this.network = network;
        this.sources = sources;
        this.tunnels = tunnels;
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
        TunnelOpened opened = new TunnelOpened(
                connection.id(),
                connection.session().info().version(),
                request.kind(),
                principal.method(),
                principal.name(),
                address instanceof Inet6Address);
        return sources.dial(
                query,
                either,
                wanted.notes(),
                (source, anySource) -> {
                    Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - timer.nanoTime()));
                    DialOptions options =
                            new DialOptions(source, left, wanted.stream().executor(), anySource);
                    return request.kind() == TunnelKind.TCP
                            ? tcp(opened, wanted.stream(), target, options)
                            : udp(opened, wanted.stream(), target, options);
                },
                Tunnel::discard);
    }

    private CompletionStage<Tunnel> tcp(
            TunnelOpened opened, HttpStream client, InetSocketAddress target, DialOptions options) {
        Handover handover = new Handover();
        return handover.of(network.connectTcp(target, options, socket -> {
            TcpRelay relay = new TcpRelay(opened, tunnels, client, socket);
            handover.made(relay);
            return relay.targetHandler();
        }));
    }

    private CompletionStage<Tunnel> udp(
            TunnelOpened opened, HttpStream client, InetSocketAddress target, DialOptions options) {
        Handover handover = new Handover();
        return handover.of(network.openUdp(target, options, socket -> {
            UdpRelay relay = new UdpRelay(opened, tunnels, client, socket);
            handover.made(relay);
            return relay.targetHandler();
        }));
    }

    /** Gives the relay once the socket is there; nobody's relay is let go. Cancelling the result reaches the attempt. */
    private static final class Handover {
        private final CompletableFuture<Tunnel> result = new CompletableFuture<>();

        @Nullable private volatile Tunnel made;

        void made(Tunnel tunnel) {
            made = tunnel;
            if (result.isDone()) {
                tunnel.discard();
            }
        }

        CompletionStage<Tunnel> of(CompletionStage<?> attempt) {
            attempt.whenComplete((socket, failure) -> {
                Tunnel tunnel = made;
                if (failure != null || tunnel == null) {
                    result.completeExceptionally(
                            failure == null ? new IllegalStateException("network made no handler") : failure);
                } else if (!result.complete(tunnel)) {
                    tunnel.discard();
                }
            });
            result.whenComplete((tunnel, failure) -> {
                if (result.isCancelled()) {
                    Tunnel unwanted = made;
                    if (unwanted != null) {
                        unwanted.discard(); // the socket stood already; the client's stream is another's
                    }
                    attempt.toCompletableFuture().cancel(true);
                }
            });
            return result;
        }
    }
}
