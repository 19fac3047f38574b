package dev.masque.server;

import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.Network;
import dev.masque.server.event.TunnelKind;
import dev.masque.server.event.TunnelOpened;
import dev.masque.server.relay.TcpRelay;
import dev.masque.server.relay.Tunnel;
import dev.masque.server.relay.Tunnels;
import dev.masque.server.relay.UdpRelay;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Connects over a network, and makes a relay of each connection. Thread-safe. */
final class Relays {
    private final Network network;
    private final Tunnels tunnels;

    Relays(Network network, Tunnels tunnels) {
        this.network = network;
        this.tunnels = tunnels;
    }

    /** Gives the relay once the connection stands. Cancelling the result stops the attempt. */
    CompletionStage<Tunnel> connect(Dialling wanted, InetSocketAddress target, boolean ipv6, DialOptions options) {
        TunnelOpened opened = new TunnelOpened(
                wanted.connection().id(),
                wanted.connection().session().info().version(),
                wanted.request().kind(),
                wanted.principal().method(),
                wanted.principal().name(),
                ipv6);
        return wanted.request().kind() == TunnelKind.TCP
                ? tcp(opened, wanted.stream(), target, options)
                : udp(opened, wanted.stream(), target, options);
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
