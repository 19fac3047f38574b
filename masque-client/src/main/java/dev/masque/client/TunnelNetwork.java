package dev.masque.client;

import dev.masque.client.event.TunnelKind;
import dev.masque.client.pool.Timer;
import dev.masque.core.Target;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** The tunnels through one hop, as a network: that under the sessions to the next. Names are resolved by the hop. Thread-safe. */
final class TunnelNetwork implements Network {
    private final TunnelOpener opener;
    private final HopPlace place;
    private final Timer timer;
    private final Consumer<? super ResponseHead> opened;

    /** Shows the answers of the hop to requests that it has granted. */
    TunnelNetwork(TunnelOpener opener, HopPlace place, Timer timer, Consumer<? super ResponseHead> opened) {
        this.opened = opened;
        this.opener = opener;
        this.place = place;
        this.timer = timer;
    }

    @Override
    public CompletionStage<ByteStream> connectTcp(
            InetSocketAddress target,
            DialOptions options,
            Function<? super ByteStream, ? extends ByteHandler> handler) {
        CompletableFuture<ByteStream> opening = opener.open(
                TunnelKind.TCP,
                target(target),
                options.nextProxy(),
                stream -> new CarryingStream(stream, place, handler),
                (bridge, stream, answer) -> {
                    opened.accept(answer);
                    return bridge.outside();
                });
        return opening;
    }

    @Override
    public CompletionStage<UdpSocket> openUdp(
            InetSocketAddress target, DialOptions options, Function<? super UdpSocket, ? extends UdpHandler> handler) {
        CompletableFuture<UdpSocket> opening = opener.open(
                TunnelKind.UDP,
                target(target),
                options.nextProxy(),
                stream -> new CarryingSocket(stream, place, timer, handler),
                (bridge, stream, answer) -> {
                    opened.accept(answer);
                    return bridge;
                });
        return ProvenPath.of(opening, timer);
    }

    private static Target target(InetSocketAddress address) {
        return Target.of(address.getHostString(), address.getPort());
    }

    /** Has no effect: the sessions of the hop are others'. */
    @Override
    public void close() {}
}
