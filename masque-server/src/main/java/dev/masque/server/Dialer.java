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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The fifth and sixth step: the source address, and the socket towards the target. Thread-safe. */
final class Dialer {
    private final Network network;
    private final SourceAddressSelector sources;
    private final Tunnels tunnels;
    private final Duration timeout;
    private final Timer timer;

    Dialer(Network network, SourceAddressSelector sources, Tunnels tunnels, Duration timeout, Timer timer) {
        this.network = network;
        this.sources = sources;
        this.tunnels = tunnels;
        this.timeout = timeout;
        this.timer = timer;
    }

    /** Connects to the first address that answers; cancelling the result stops all attempts. */
    CompletableFuture<Tunnel> dial(
            TunnelRequest request,
            Principal principal,
            ClientConnection connection,
            HttpStream client,
            List<InetAddress> addresses) {
        long deadline = timer.nanoTime() + timeout.toNanos();
        boolean tcp = request.kind() == TunnelKind.TCP;
        return HappyEyeballs.race(
                addresses,
                address -> attempt(request, principal, connection, client, address, deadline),
                Tunnel::discard,
                tcp ? HappyEyeballs.ATTEMPT_DELAY : null, // a UDP socket answers at once, so there is no race
                timer);
    }

    private CompletionStage<Tunnel> attempt(
            TunnelRequest request,
            Principal principal,
            ClientConnection connection,
            HttpStream client,
            InetAddress address,
            long deadline) {
        InetAddress source;
        try {
            source = source(new SourceQuery(
                    address,
                    request.kind(),
                    connection.id(),
                    principal,
                    request.head().fields()));
        } catch (NextHopException e) {
            return CompletableFuture.failedFuture(e);
        }
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - timer.nanoTime()));
        DialOptions options = new DialOptions(source, left, client.executor());
        InetSocketAddress target =
                new InetSocketAddress(address, request.target().port());
        TunnelOpened opened = new TunnelOpened(
                connection.id(),
                connection.session().info().version(),
                request.kind(),
                principal.method(),
                principal.name(),
                address instanceof Inet6Address);
        return request.kind() == TunnelKind.TCP
                ? tcp(opened, client, target, options)
                : udp(opened, client, target, options);
    }

    @Nullable private InetAddress source(SourceQuery query) throws NextHopException {
        InetAddress source = sources.select(query);
        if (source != null && source instanceof Inet6Address != query.destination() instanceof Inet6Address) {
            throw new NextHopException(
                    ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE, "source address of the other family", null);
        }
        return source;
    }

    private CompletionStage<Tunnel> tcp(
            TunnelOpened opened, HttpStream client, InetSocketAddress target, DialOptions options) {
        AtomicReference<@Nullable TcpRelay> relay = new AtomicReference<>();
        return stage(
                network.connectTcp(target, options, socket -> {
                    TcpRelay made = new TcpRelay(opened, tunnels, client, socket);
                    relay.set(made);
                    return made.targetHandler();
                }),
                relay);
    }

    private CompletionStage<Tunnel> udp(
            TunnelOpened opened, HttpStream client, InetSocketAddress target, DialOptions options) {
        AtomicReference<@Nullable UdpRelay> relay = new AtomicReference<>();
        return stage(
                network.openUdp(target, options, socket -> {
                    UdpRelay made = new UdpRelay(opened, tunnels, client, socket);
                    relay.set(made);
                    return made.targetHandler();
                }),
                relay);
    }

    /** Gives the relay once the socket is there; cancelling it reaches the attempt. */
    private static CompletableFuture<Tunnel> stage(
            CompletionStage<?> attempt, AtomicReference<? extends @Nullable Tunnel> relay) {
        CompletableFuture<Tunnel> result = new CompletableFuture<>();
        attempt.whenComplete((socket, failure) -> {
            Tunnel made = relay.get();
            if (failure != null || made == null) {
                result.completeExceptionally(
                        failure == null ? new IllegalStateException("network made no handler") : failure);
            } else if (!result.complete(made)) {
                made.discard();
            }
        });
        result.whenComplete((made, failure) -> {
            if (result.isCancelled()) {
                attempt.toCompletableFuture().cancel(true);
            }
        });
        return result;
    }
}
