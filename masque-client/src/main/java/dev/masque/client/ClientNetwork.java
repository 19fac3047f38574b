package dev.masque.client;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import dev.masque.core.thread.Stages;
import java.net.InetSocketAddress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** The tunnels of a client as a network for others, which fails in the way that {@link Network} says. Thread-safe. */
record ClientNetwork(Network tunnels) implements Network {
    @Override
    public CompletionStage<ByteStream> connectTcp(
            InetSocketAddress target,
            DialOptions options,
            Function<? super ByteStream, ? extends ByteHandler> handler) {
        return translated(tunnels.connectTcp(target, options, handler), stream -> stream.reset(ResetReason.CANCEL));
    }

    @Override
    public CompletionStage<UdpSocket> openUdp(
            InetSocketAddress target, DialOptions options, Function<? super UdpSocket, ? extends UdpHandler> handler) {
        return translated(tunnels.openUdp(target, options, handler), UdpSocket::close);
    }

    /** Cancelling what comes back gives the tunnel up. */
    private static <T> CompletionStage<T> translated(CompletionStage<T> opening, Consumer<? super T> drop) {
        CompletableFuture<T> result = new CompletableFuture<>();
        opening.whenComplete((made, failure) -> {
            if (failure != null) {
                result.completeExceptionally(translated(failure));
            } else if (!result.complete(made)) {
                drop.accept(made);
            }
        });
        result.whenComplete((made, failure) -> {
            if (failure instanceof CancellationException) {
                opening.toCompletableFuture().cancel(true);
            }
        });
        return result;
    }

    private static Throwable translated(Throwable failure) {
        Throwable cause = Stages.unwrap(failure);
        if (!(cause instanceof TunnelException tunnel)) {
            return cause;
        }
        ProxyErrorType type = tunnel.proxyError().orElseGet(() -> type(tunnel));
        return new NextHopException(type, tunnel.rcode().orElse(null), String.valueOf(tunnel.getMessage()), tunnel);
    }

    /** Of a failure that has no type of its own, which is one that the proxy did not name. */
    private static ProxyErrorType type(TunnelException failure) {
        return switch (failure.step()) {
            case RESOLVE_PROXY -> ProxyErrorType.DNS_ERROR;
            case TLS -> ProxyErrorType.TLS_PROTOCOL_ERROR;
            case AUTHENTICATE -> ProxyErrorType.PROXY_CONFIGURATION_ERROR;
            case REQUEST -> ProxyErrorType.HTTP_UPGRADE_FAILED;
            case CONNECT_PROXY, TARGET, TUNNEL -> ProxyErrorType.DESTINATION_UNAVAILABLE;
        };
    }

    /** Has no effect: the client is its owner's. */
    @Override
    public void close() {}
}
