package dev.masque.client;

import dev.masque.client.event.TunnelKind;
import dev.masque.client.pool.Timer;
import dev.masque.core.Target;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The tunnels through one hop, as the network under the sessions to the next. Names are resolved by the hop. Thread-safe. */
final class TunnelNetwork implements Network {
    private final TunnelOpener opener;
    private final HopPlace place;
    private final Timer timer;
    private final HopFields next;

    /** Tells the fields of the next hop what this says of the client. */
    TunnelNetwork(TunnelOpener opener, HopPlace place, Timer timer, HopFields next) {
        this.next = next;
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
                stream -> new CarryingStream(stream, place, handler),
                (bridge, stream, answer) -> {
                    next.opened(answer);
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
                stream -> new CarryingSocket(stream, place, timer, handler),
                (bridge, stream, answer) -> {
                    next.opened(answer);
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
